import type { FollowUpState, RequestSummary, Visibility } from "@assay/contract";
import type { TreeLookup } from "./follow-queries.ts";

/** A lookup by its place in a tree. */
interface Placed {
  readonly request: Pick<RequestSummary, "id" | "parentId"> & {
    readonly followUp: Pick<FollowUpState, "rootId"> | null;
  };
}

/** The lookups that came of one, each after its parent; without those that are left out, and what came of them. */
export function descendantsOf<T extends Placed>(
  tree: readonly T[],
  id: string,
  isLeftOut: (lookup: T) => boolean = () => false,
): T[] {
  const ids = new Set(tree.map(({ request }) => request.id));
  const byParent = Map.groupBy(tree, (lookup) => parentIn(ids, lookup));
  const below = (parent: string): T[] =>
    (byParent.get(parent) ?? [])
      .filter((child) => !isLeftOut(child))
      .flatMap((child) => [child, ...below(child.request.id)]);
  return below(id);
}

/** One whose parent retention has deleted stands below the root. */
function parentIn(ids: ReadonlySet<string>, { request: { id, parentId, followUp } }: Placed): string | null {
  if (parentId === null || ids.has(parentId)) return parentId;
  return followUp === null || followUp.rootId === id ? null : followUp.rootId;
}

/** Nothing of a tree from this lookup on runs, and nothing more will be followed. */
export function isComplete(tree: readonly TreeLookup[], id: string): boolean {
  const own = tree.filter(({ request }) => request.id === id);
  return [...own, ...descendantsOf(tree, id)].every(({ request, open }) => request.status !== "running" && !open);
}

/** What decides whether a lookup is opened and closed with one above. */
export interface Openable extends Placed {
  readonly request: Placed["request"] & Pick<RequestSummary, "visibility" | "tlp">;
  /** It was closed by itself. */
  readonly closed: boolean;
}

/**
 * The lookups that change with one that is opened or closed. Closing closes all that came of it. Opening leaves out what was closed by itself
 * with all that came of that, and what is under TLP:RED.
 */
export function changedWith<T extends Openable>(tree: readonly T[], id: string, visibility: Visibility): T[] {
  const opens = visibility === "everyone";
  return descendantsOf(tree, id, ({ closed }) => opens && closed).filter(
    ({ request }) => request.visibility !== visibility && !(opens && request.tlp === "RED"),
  );
}
