import type { AnswerProblem } from "@assay/contract";
import { expect, it } from "vitest";
import { isShareable, lifetimeSecondsOf } from "./lifetime.ts";

const lifetimes = { foundSeconds: 100, notFoundSeconds: 50, failedSeconds: 20, staleSeconds: 10 };
const failed = (code: AnswerProblem["code"], details: Partial<AnswerProblem> = {}) =>
  ({ outcome: "failed", problems: [{ code, message: "", ...details }] }) as const;

it.each([
  [{ outcome: "ok", problems: [] }, 100],
  [{ outcome: "not_found", problems: [] }, 50],
  [failed("UPSTREAM_ERROR"), 20],
  [failed("BAD_RESPONSE"), 20],
  [failed("RATE_LIMITED"), 20],
  [failed("RATE_LIMITED", { retryAfterMs: 5_000 }), 5],
  [failed("RATE_LIMITED", { retryAfterMs: 60_000 }), 20],
  [failed("TIMEOUT"), 0],
  [failed("UNAUTHORIZED"), 0],
  [failed("QUOTA_EXHAUSTED"), 0],
  [failed("RUNNER_UNAVAILABLE"), 0],
  [{ outcome: "failed", problems: [...failed("UPSTREAM_ERROR").problems, ...failed("TIMEOUT").problems] }, 0],
  [{ outcome: "failed", problems: [] }, 0],
  [{ outcome: "skipped", problems: failed("CANCELLED").problems }, 0],
] as const)("keeps %j for %d s", (answer, seconds) => {
  expect(lifetimeSecondsOf(lifetimes, answer)).toBe(seconds);
});

it.each([
  [{ outcome: "ok", problems: [] }, true, true],
  [failed("UPSTREAM_ERROR"), false, true],
  // Its own time limit was over, not that of the lookup that asked.
  [failed("TIMEOUT"), false, true],
  [failed("TIMEOUT"), true, false],
  // Another caller may have a part of the quota that is kept for it.
  [failed("QUOTA_EXHAUSTED"), false, false],
  [{ outcome: "skipped", problems: failed("CANCELLED").problems }, false, false],
] as const)("shares %j, cut short %j: %j", (answer, cutShort, shared) => {
  expect(isShareable(answer, cutShort)).toBe(shared);
});
