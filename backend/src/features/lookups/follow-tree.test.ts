import { expect, test } from "vitest";
import { changedWith, type Openable } from "./follow-tree.ts";

/** Each below the one that is named first; `-` marks those that are private, `!` those that were closed by themselves. */
function treeOf(...ties: readonly string[]): Openable[] {
  return ties.map((tie) => {
    const [parentId, word = ""] = tie.split(" ");
    const id = word.replace(/[-!]$/, "");
    const request: Openable["request"] = {
      id,
      parentId: parentId || null,
      followUp: { rootId: "root" },
      visibility: id === word ? "everyone" : "private",
      tlp: "GREEN",
    };
    return { request, closed: word.endsWith("!") };
  });
}
const idsOf = (...asked: Parameters<typeof changedWith>) => changedWith(...asked).map(({ request }) => request.id);

test("closing closes whatever is open below, and nothing beside or above", () => {
  const tree = treeOf(" root", "root a", "root b-", "a aa", "a ab!", "b ba", "ab aba");
  expect(idsOf(tree, "root", "private")).toEqual(["a", "aa", "aba", "ba"]);
  expect(idsOf(tree, "a", "private")).toEqual(["aa", "aba"]);
  expect(idsOf(tree, "aba", "private")).toEqual([]);
});

test("opening leaves out what was closed by itself, with what came of that, until that one is opened by itself", () => {
  const tree = treeOf(" root-", "root a!", "root b-", "a aa-", "b ba-", "b bb!");
  expect(idsOf(tree, "root", "everyone")).toEqual(["b", "ba"]);
  expect(idsOf(tree, "a", "everyone")).toEqual(["aa"]);
});

test("nothing under TLP:RED is ever opened", () => {
  const red = treeOf(" root-", "root a-").map(({ request, closed }) => ({
    request: { ...request, tlp: "RED" as const },
    closed,
  }));
  expect(idsOf(red, "root", "everyone")).toEqual([]);
});

test("what is left of a tree whose middle is gone still came of its root, and a lookup in no tree stands alone", () => {
  const tree = treeOf(" root", "gone a", "a aa");
  expect(idsOf(tree, "root", "private")).toEqual(["a", "aa"]);
  const alone = treeOf(" alone").map(({ request, closed }) => ({ request: { ...request, followUp: null }, closed }));
  expect(idsOf(alone, "alone", "private")).toEqual([]);
});
