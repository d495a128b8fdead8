import type { TreeLookup } from "./follow-queries.ts";

/** The lookups that came of one, each after its parent. */
export function descendantsOf(tree: readonly TreeLookup[], id: string): TreeLookup[] {
  const byParent = Map.groupBy(tree, ({ request }) => request.parentId);
  const below = (parent: string): TreeLookup[] =>
    (byParent.get(parent) ?? []).flatMap((child) => [child, ...below(child.request.id)]);
  return below(id);
}

/** Nothing of a tree from this lookup on runs, and nothing more will be followed. */
export function isComplete(tree: readonly TreeLookup[], id: string): boolean {
  const own = tree.filter(({ request }) => request.id === id);
  return [...own, ...descendantsOf(tree, id)].every(({ request, open }) => request.status !== "running" && !open);
}
