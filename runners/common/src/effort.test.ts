import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createEfforts } from "./effort.ts";

function open() {
  const clock = { nowMs: 0 };
  return { clock, efforts: createEfforts(() => clock.nowMs) };
}

describe("who computes much", () => {
  test.each([
    [[2, 2, 2, 2, 2, 2], false, false],
    [[2, 2, 2, 30, 2, 2], false, false],
    [[50], true, false],
    [[12, 12, 12, 12, 12, 12, 12], true, false],
    [[200, 200, 200, 200, 200, 200, 200, 200], true, false],
    [[1_000], true, true],
    [[2, 2, 400, 400, 400, 400], true, true],
  ])("calls of %j ms: behind others %s, one at a time %s", (calls, isHeavy, isAlone) => {
    const { efforts } = open();
    for (const cpuMs of calls) efforts.add("s", cpuMs);
    expect([efforts.isHeavy("s"), efforts.isAlone("s")]).toEqual([isHeavy, isAlone]);
    expect([efforts.isHeavy("other"), efforts.isAlone("other")]).toEqual([false, false]);
  });

  test("is seen while its first call goes on, and that call counts once", () => {
    const { efforts } = open();
    for (const cpuMs of [20, 30, 39]) efforts.see("s", cpuMs);
    expect(efforts.isHeavy("s")).toBe(false);
    efforts.see("s", 40);
    expect([efforts.isHeavy("s"), efforts.isAlone("s")]).toEqual([true, false]);
    efforts.see("s", 1_000);
    expect(efforts.isAlone("s")).toBe(true);
  });

  test("stays so for a minute after it was last true, however light its calls are between", () => {
    const { efforts, clock } = open();
    efforts.add("s", 1_000);
    for (let call = 0; call < 30; call += 1) efforts.add("s", 1);
    clock.nowMs = 59_000;
    expect([efforts.isHeavy("s"), efforts.isAlone("s")]).toEqual([true, true]);
    clock.nowMs = 61_000;
    expect([efforts.isHeavy("s"), efforts.isAlone("s")]).toEqual([false, false]);
  });

  test("starts anew after a minute without a call", () => {
    const { efforts, clock } = open();
    efforts.add("s", 1_000);
    clock.nowMs = 60_000;
    efforts.add("s", 1);
    expect([efforts.isHeavy("s"), efforts.isAlone("s")]).toEqual([false, false]);
  });

  test("comes behind for some seconds when it takes more than its part, where that is looked at", () => {
    const clock = { nowMs: 0 };
    const [looking, not] = [createEfforts(() => clock.nowMs, { byShare: true }), createEfforts(() => clock.nowMs)];
    for (const efforts of [looking, not]) {
      for (const other of ["a", "b", "c", "d"]) for (let call = 0; call < 40; call += 1) efforts.add(other, 1);
      for (let call = 0; call < 120; call += 1) efforts.add("greedy", 8);
    }
    expect([looking.isHeavy("greedy"), looking.isAlone("greedy"), looking.isHeavy("a")]).toEqual([true, false, false]);
    expect(not.isHeavy("greedy")).toBe(false);
    clock.nowMs = 10_000;
    expect(looking.isHeavy("greedy")).toBe(false);
  });

  test("nobody is judged by how often it is asked", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 9.9, noNaN: true }), { maxLength: 300 }), (calls) => {
        const { efforts } = open();
        for (const cpuMs of calls) efforts.add("s", cpuMs);
        expect(efforts.isHeavy("s")).toBe(false);
      }),
    );
  });
});

test("a source is new until it has been heard of", () => {
  const { efforts } = open();
  expect(efforts.isNew("s")).toBe(true);
  efforts.add("s", 1);
  expect(efforts.isNew("s")).toBe(false);
});

test("sources that are long gone are forgotten", () => {
  const { efforts } = open();
  efforts.add("first", 1);
  for (let n = 0; n < 5_000; n += 1) efforts.add(`s${n}`, 1);
  expect([efforts.isNew("first"), efforts.isNew("s0"), efforts.isNew("s4999")]).toEqual([true, true, false]);
});
