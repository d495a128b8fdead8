import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { systemClock } from "../../context.ts";
import { testSource } from "../lookups/fixtures.ts";
import type { Admission, Entry, Refusal } from "./admission.ts";
import { createWaitingRoom, type Outcome } from "./waiting-room.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const limits = { enabled: true, quota: [], reservePercent: 0, callsPerLookup: 1, waitMs: 60_000, isKept: true };
const entry = (): Entry => ({
  source: testSource("waits", { limits }),
  callerClass: "api",
  deadlineAtMs: Date.now() + 120_000,
  signal: new AbortController().signal,
  use: {} as Entry["use"],
});
const refusal: Refusal = { because: "spent", waitMs: 1_000, problems: [] };
const granted: Outcome = { admission: {} as Admission };
const roomOf = (tryAll: () => Promise<Outcome[]>) =>
  createWaitingRoom({
    clock: systemClock,
    tryAll,
    subjectsOf: () => new Set(["quota"]),
    giveBack: () => expect.unreachable(),
  });

it("tells who waits when it breaks, and goes on with who comes after", async () => {
  const tryAll = vi.fn<() => Promise<Outcome[]>>().mockRejectedValueOnce(new Error("broken for the test"));
  const room = roomOf(tryAll.mockResolvedValue([granted]));
  const broken = expect(room.wait(entry(), refusal)).rejects.toThrow("broken for the test");
  await vi.advanceTimersByTimeAsync(1_000);
  await broken;
  const next = room.wait(entry(), refusal);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await next).toBe(granted);
});

it("leaves no timer behind when it is closed", async () => {
  const tryAll = vi.fn(async () => [granted]);
  const room = roomOf(tryAll);
  void room.wait(entry(), refusal);
  expect(vi.getTimerCount()).toBe(1);
  room.close();
  void room.wait(entry(), refusal);
  room.nudge();
  expect(vi.getTimerCount()).toBe(0);
  expect(tryAll).not.toHaveBeenCalled();
});
