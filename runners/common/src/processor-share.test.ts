import { expect, test } from "vitest";
import { createProcessorShares } from "./processor-share.ts";

/** So many seconds in which each source uses so many milliseconds of the processor per tenth of a second; who was told to be too greedy. */
function greedyOf(seconds: number, uses: Readonly<Record<string, number>>): string[] {
  let nowMs = 0;
  const shares = createProcessorShares(() => nowMs);
  const greedy = new Set<string>();
  for (; nowMs < seconds * 1000; nowMs += 100) {
    for (const [source, cpuMs] of Object.entries(uses)) if (shares.add(source, cpuMs)) greedy.add(source);
  }
  return [...greedy];
}
const eight = (cpuMs: number) => Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`other ${n}`, cpuMs]));

test("who takes much more than the others of a busy processor is found, however short its calls are", () => {
  expect(greedyOf(5, { ...eight(10), greedy: 100 })).toEqual(["greedy"]);
});

test("nobody is where all take the same, where few are at work, or where there is enough for all", () => {
  expect(greedyOf(5, eight(20))).toEqual([]);
  expect(greedyOf(5, { one: 60, two: 60, three: 60 })).toEqual([]);
  expect(greedyOf(5, { ...eight(0.01), heavy: 150 })).toEqual([]);
  expect(greedyOf(5, { ...eight(1), heavy: 15 })).toEqual([]);
});

test("what was used is forgotten within seconds", () => {
  let nowMs = 0;
  const shares = createProcessorShares(() => nowMs);
  for (const other of ["a", "b", "c", "d"]) shares.add(other, 300);
  expect(shares.add("late", 900)).toBe(true);
  nowMs = 20_000;
  expect(shares.add("late", 10)).toBe(false);
});
