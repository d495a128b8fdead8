import { expect, test } from "vitest";
import { mayStartOne, type Sharer } from "./share.ts";

const of = (userId: string, underWay: number): Sharer => ({ userId, underWay });

test.each([
  ["alone, up to the most", [of("a", 31)], true],
  ["alone, no more than the most", [of("a", 32)], false],
  ["half of it beside somebody else, however many batches that one has", [of("a", 15), ...two("b", 8)], true],
  ["no more than half", [of("a", 16), ...two("b", 0)], false],
  ["no more than a quarter with two batches", [of("a", 8), of("a", 0), of("b", 0)], false],
  ["not while all are out", [of("a", 1), of("b", 31)], false],
  ["the first always", [of("a", 0), of("b", 32)], true],
])("a batch may have under way: %s", (_, all, may) => {
  expect(mayStartOne(all[0] ?? of("", 0), all, 32)).toBe(may);
});

function two(userId: string, underWay: number): Sharer[] {
  return [of(userId, underWay), of(userId, underWay)];
}
