import type { Batch, RequestSummary, Visibility } from "@assay/contract";
import type { Context } from "../../context.ts";
import type { Transaction } from "../../db/database.ts";
import { fail, failValidation } from "../../problem-error.ts";
import { fieldChanges } from "../audit/field-changes.ts";
import { recordAudit } from "../audit/record.ts";
import { storeVisibilities } from "../lookups/visibility.ts";
import { batchObject } from "./batch-object.ts";
import { changeableBatch } from "./control.ts";
import { closedItems, lockBatch, setBatchVisibility } from "./queries.ts";
import { requestIdOf } from "./request-id.ts";
import { getBatch } from "./service.ts";

/** A batch of the greatest size, with its lookups, on a slow machine too. */
const storeTimeoutMs = 120_000;

/**
 * Opens a batch to everyone with its lookups, but for those that were closed by themselves; or closes it with all of them.
 * Throws NOT_FOUND, FORBIDDEN, VALIDATION_FAILED for one under TLP:RED, or CONFLICT while it runs: its worker would go on as before.
 */
export async function updateBatch(ctx: Context, id: string, visibility: Visibility): Promise<Batch> {
  const before = await changeableBatch(ctx, id);
  if (before.tlp === "RED" && visibility === "everyone")
    failValidation([{ field: "body.visibility", message: "cannot be everyone: a batch under TLP:RED stays private" }]);
  const changes = fieldChanges({ visibility: before.visibility }, { visibility });
  if (changes.length === 0) return getBatch(ctx, id);
  await ctx.db.transaction(
    async (tx) => {
      const locked = (await lockBatch(tx, id)) ?? fail("NOT_FOUND", `There is no batch ${id}`);
      if (locked.status === "running")
        fail("CONFLICT", "The batch runs. Pause it first; then who sees it can be changed.");
      if (locked.held) fail("CONFLICT", "Lookups of the batch are still under way. Try again in a few seconds.");
      await setBatchVisibility(tx, id, visibility);
      const closed = (await closedItems(tx, id)).map((item) => requestIdOf(id, item));
      await storeVisibilities(ctx.db, tx, id, visibility, closed);
      const object = batchObject({ ...before, visibility: "private" });
      await recordAudit(tx, ctx, { action: "batch.update", object, changes });
    },
    { timeoutMs: storeTimeoutMs },
  );
  return getBatch(ctx, id);
}

/** Keeps the item of a lookup that is opened or closed by itself in step with it, in the same transaction. */
export async function storeItemVisibility(
  tx: Transaction,
  { id, batchId, kind, data }: Pick<RequestSummary, "id" | "batchId" | "kind" | "data">,
  visibility: Visibility,
): Promise<void> {
  if (batchId === null) return;
  const items = await tx.batchItem.findMany({ where: { batchId, kind, data } });
  // A lookup that was made again since is not the item's any more.
  const item = items.find((each) => requestIdOf(batchId, each) === id);
  if (!item) return;
  const { position } = item;
  const closed = visibility === "private";
  await tx.batchItem.update({ where: { batchId_position: { batchId, position } }, data: { closed } });
}
