import { expect, test } from "vitest";
import { createCpuMeter } from "../sandbox/cpu-meter.js";

test("what the processor is used for is divided among the calls that are entered at the time", () => {
  let usedMs = 100;
  const meter = createCpuMeter(() => usedMs);
  const [alone, shared] = [{ cpuMs: 0 }, { cpuMs: 0 }];
  usedMs += 7;
  meter.enter(alone);
  usedMs += 10;
  meter.enter(shared);
  usedMs += 6;
  meter.leave(alone);
  usedMs += 5;
  meter.settle();
  expect([alone.cpuMs, shared.cpuMs]).toEqual([13, 8]);
  meter.leave(shared);
  usedMs += 50;
  meter.settle();
  expect([alone.cpuMs, shared.cpuMs]).toEqual([13, 8]);
});

test("no account falls when the clock seems to go back, and nothing is counted twice", () => {
  let nowMs = 10;
  const meter = createCpuMeter(() => nowMs);
  const account = { cpuMs: 0 };
  meter.enter(account);
  nowMs = 9.5;
  meter.settle();
  expect(account.cpuMs).toBe(0);
  nowMs = 12;
  meter.leave(account);
  expect(account.cpuMs).toBe(2);
});
