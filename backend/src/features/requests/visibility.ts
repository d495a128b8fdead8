import type { ChangedRequest, RequestSummary, Visibility } from "@assay/contract";
import type { Context } from "../../context.ts";
import type { Transaction } from "../../db/database.ts";
import { fail, failValidation } from "../../problem-error.ts";
import { fieldChanges } from "../audit/field-changes.ts";
import { recordAudit } from "../audit/record.ts";
import { storeItemVisibility } from "../batches/visibility.ts";
import { holdTree, markClosed } from "../lookups/follow-queries.ts";
import { changedWith, type Openable } from "../lookups/follow-tree.ts";
import type { Lookups } from "../lookups/lookups.ts";
import { storeVisibility } from "../lookups/visibility.ts";
import { changeableRequest } from "./service.ts";
import { lookupObject } from "./tell-reading.ts";

/**
 * Opens a lookup to everyone, or closes it, with all that came of it; what is followed from it later is as it is then. Throws NOT_FOUND,
 * FORBIDDEN, or VALIDATION_FAILED for one under TLP:RED.
 */
export async function updateRequest(
  ctx: Context,
  lookups: Lookups,
  id: string,
  visibility: Visibility,
): Promise<ChangedRequest> {
  const request = await changeableRequest(ctx, lookups, id);
  if (request.tlp === "RED" && visibility === "everyone") {
    failValidation([{ field: "body.visibility", message: "cannot be everyone: a lookup under TLP:RED stays private" }]);
  }
  const followUpsChanged = await ctx.db.transaction((tx) => changeTree(ctx, tx, request, visibility));
  await lookups.refreshVisibility();
  return { ...request, visibility, followUpsChanged };
}

/** Returns how many came along. */
async function changeTree(
  ctx: Context,
  tx: Transaction,
  request: RequestSummary,
  visibility: Visibility,
): Promise<number> {
  const { id } = request;
  const tree = await holdTree(tx, request);
  const own = tree.find((lookup) => lookup.request.id === id) ?? fail("NOT_FOUND", `There is no lookup ${id}`);
  const along = changedWith(tree, id, visibility).map((lookup) => lookup.request.id);
  const changes = changesOf(own, visibility, along.length);
  if (changes.length === 0) return 0;
  await recordAudit(tx, ctx, {
    action: "request.update",
    object: lookupObject({ ...request, visibility: "private" }),
    changes,
  });
  await storeVisibility(ctx.db, tx, [id, ...along], visibility);
  if (isFollowUp(own)) await markClosed(tx, id, visibility === "private");
  await storeItemVisibility(tx, request, visibility);
  return along.length;
}

/** Only of a follow-up it matters that it was closed by itself. */
const isFollowUp = ({ request: { parentId } }: Openable): boolean => parentId !== null;

function changesOf(own: Openable, visibility: Visibility, along: number): ReturnType<typeof fieldChanges> {
  const closed = (is: boolean): object => (isFollowUp(own) ? { closedByItself: is } : {});
  return fieldChanges(
    { visibility: own.request.visibility, ...closed(own.closed) },
    { visibility, ...closed(visibility === "private"), ...(along > 0 && { followUpsChanged: along }) },
  );
}
