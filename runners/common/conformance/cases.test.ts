import { expect, test } from "vitest";
import { conformanceCases } from "./cases.ts";

const numbered = (letter: string, last: number): string[] =>
  Array.from({ length: last }, (_, index) => `${letter}${String(index + 1).padStart(2, "0")}`);

test("the table holds every attack on the languages, each under an id of its own and in words fit for people", () => {
  const ids = conformanceCases.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const attack of [...numbered("J", 43), ...numbered("Y", 35), ...numbered("E", 13), "E14a"])
    expect(ids).toContain(attack);
  for (const { name, happens, heldBy, code } of conformanceCases) {
    for (const text of [name, happens, heldBy]) expect(text).toMatch(/^\S[^\n]+\S$/);
    expect(Object.keys(code)).not.toEqual([]);
  }
});
