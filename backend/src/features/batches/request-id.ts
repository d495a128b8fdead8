import { derivedId } from "../../derived-id.ts";

/**
 * The id of an item's lookup. It is not drawn but made from the item, so that whoever goes on with a batch finds the lookup that another
 * process, dead by now, had begun.
 */
export function requestIdOf(batchId: string, item: { readonly position: number; readonly attempt: number }): string {
  return derivedId("batch item", batchId, String(item.position), String(item.attempt));
}
