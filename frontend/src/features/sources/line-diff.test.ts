import fc from "fast-check";
import { expect, test } from "vitest";
import { diffLines, foldSame } from "./line-diff.ts";

const marks = { same: " ", removed: "-", added: "+", gap: "~" } as const;
const drawn = (before: string, after: string) => diffLines(before, after).map(({ kind, text }) => marks[kind] + text);

test("a changed line is taken out and put in between the lines that stay", () => {
  expect(drawn("a\nb\nc\nd", "a\nB\nc\nd\ne")).toEqual([" a", "-b", "+B", " c", " d", "+e"]);
  expect(drawn("a", "a")).toEqual([" a"]);
  expect(drawn("", "a\n")).toEqual(["+a", " "]);
});

test("both texts can be had back from it, and what both have in order is kept", () => {
  const text = fc.array(fc.constantFrom("a", "b", "c", ""), { maxLength: 12 }).map((lines) => lines.join("\n"));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const diff = diffLines(before, after);
      const without = (left: string) => diff.filter(({ kind }) => kind !== left).map((line) => line.text);
      expect(without("added").join("\n")).toBe(before);
      expect(without("removed").join("\n")).toBe(after);
    }),
  );
});

test("texts too long to compare line by line are still told apart", () => {
  const long = (word: string) => Array.from({ length: 3000 }, (_, index) => `${word} ${index}`).join("\n");
  const diff = diffLines(long("old"), long("new"));
  expect(diff.map(({ kind }) => kind)).toEqual([...Array(3000).fill("removed"), ...Array(3000).fill("added")]);
});

test("far from a change, lines that stay the same are counted, not shown", () => {
  const before = ["1", "2", "3", "4", "5", "6", "7", "8"].join("\n");
  const folded = foldSame(diffLines(before, before.replace("5", "five")), 1);
  expect(folded.map((line) => marks[line.kind] + (line.kind === "gap" ? line.lines : line.text))).toEqual([
    "~3",
    " 4",
    "-5",
    "+five",
    " 6",
    "~2",
  ]);
  expect(foldSame(diffLines("1\n2", "1\n2"), 3)).toEqual([{ kind: "gap", lines: 2 }]);
});
