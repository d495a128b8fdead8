import type { DecisionInForce } from "@assay/contract";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createEventReader, type LookupRecord, type NumberedEvent, verdictAfter } from "./events.ts";
import { testAnswer, testSource } from "./fixtures.ts";

const answers = [
  testAnswer("a", { outcome: "skipped" }),
  testAnswer("b", { verdict: "suspicious" }),
  testAnswer("c", { outcome: "not_found" }),
  testAnswer("d", { verdict: "malicious" }, { reliability: "A" }),
];
const plan = ["a", "b", "c", "d"].map((slug) => ({ source: testSource(slug).snapshot, problems: [] }));

function record(count: number, status: "running" | "completed", decision: DecisionInForce | null = null): LookupRecord {
  const request = {
    id: "000000000001",
    data: "192.0.2.1",
    kind: "IPV4",
    status,
    tlp: "GREEN",
    pap: "GREEN",
    visibility: "everyone",
    createdAt: "2026-01-01T00:00:00.000Z",
    completedAt: status === "running" ? null : "2026-01-01T00:00:01.000Z",
    userId: "000000000002",
    callerClass: "api",
    batchId: null,
    parentId: null,
    followUp: null,
    traceId: "0".repeat(32),
  } as const;
  const ignoreLists = [] as [];
  const known = answers.slice(0, count);
  const premises = { decision, freshDays: 30 };
  return {
    request: {
      ...request,
      prunedAnswers: null,
      ignoreLists,
      verdict: verdictAfter({ ...request, ...premises, ignoreLists, plan, answers: known }, count),
    },
    plan,
    answers: known,
  };
}

const all = createEventReader()(record(4, "completed"));

test("a lookup's events tell the plan, each answer by its outcome, every change of the verdict, and the end", () => {
  expect(all.map(({ sequence, event }) => `${sequence} ${event.type}`)).toEqual([
    "1 fetching_start",
    "2 fetching_error",
    "3 fetching_data",
    "4 verdict",
    "5 fetching_data",
    "6 fetching_data",
    "7 verdict",
    "8 fetching_end",
  ]);
});

test("of a lookup that lost answers to retention, the verdict that was made with all of them is told, and no other", () => {
  const whole = record(4, "completed");
  const left = { ...whole, answers: whole.answers.slice(0, 2) };
  const pruned = { ...left, request: { ...left.request, prunedAnswers: { count: 2, at: "2026-06-01T00:00:00.000Z" } } };
  const events = createEventReader()(pruned).map(({ event }) => event);
  expect(events.map(({ type }) => type)).toEqual([
    "fetching_start",
    "fetching_error",
    "fetching_data",
    "verdict",
    "fetching_end",
  ]);
  expect(events.slice(3)).toEqual([
    { type: "verdict", verdict: whole.request.verdict },
    { type: "fetching_end", request: pruned.request },
  ]);
});

/** Whoever reads the growing record at whatever moments, and comes back after whichever event, gets the same list. */
test("events keep their numbers however the record is read", () => {
  fc.assert(
    fc.property(fc.subarray([0, 1, 2, 3, 4]), (moments) => {
      const read = createEventReader();
      const seen: NumberedEvent[] = moments.flatMap((count) => read(record(count, "running")));
      seen.push(...read(record(4, "completed")));
      expect(seen.map(({ sequence, event }) => [sequence, event.type])).toEqual(
        all.map(({ sequence, event }) => [sequence, event.type]),
      );
    }),
  );
});

/** Nothing but the record is asked, so a decision that ends later, or other windows, change no event. */
test("a decision that was in force is in every verdict of the stream, and each new conflict is told", () => {
  const user = { id: "000000000003", name: "Ann" };
  const at = "2026-01-01T00:00:00.000Z";
  const decision = {
    id: "000000000004",
    verdict: "benign",
    reason: "Ours",
    user,
    createdAt: at,
    expiresAt: null,
  } as const;
  const events = createEventReader()(record(4, "completed", decision)).map(({ event }) => event);
  const verdicts = events.flatMap((event) =>
    "verdict" in event ? [event.verdict] : "request" in event ? [event.request.verdict] : [],
  );
  expect(verdicts.map(({ rule, conflicts }) => [rule, conflicts])).toEqual([
    ["R0", []],
    ["R0", ["b"]],
    ["R0", ["b", "d"]],
    ["R0", ["b", "d"]],
  ]);
  expect(new Set(verdicts.map((verdict) => verdict.decision))).toEqual(new Set([decision]));
});
