import { type Batch, batchEnds, type BatchStatus } from "@assay/contract";
import type { Context } from "../../context.ts";
import type { Transaction } from "../../db/database.ts";
import { mayChange } from "../../may-read.ts";
import { fail } from "../../problem-error.ts";
import { recordAudit } from "../audit/record.ts";
import { batchObject } from "./batch-object.ts";
import { type BatchRow } from "./batch-row.ts";
import { changeStatus, deleteBatch as deleteRow, lockBatch, resetFailed } from "./queries.ts";
import { batchesChannel } from "./channel.ts";
import { refuseTooManyOpen } from "./open-batches.ts";
import { getBatch, readableBatch } from "./service.ts";

export type BatchChange = "start" | "pause" | "resume" | "cancel";

/**
 *     ready ──start──▶ running ──all done──▶ completed ──retry──▶ running
 *       │             ▲      │ ──sources gone──▶ failed ──retry──▶ running
 *       │       resume or    pause
 *       │         retry      │
 *       │             │      ▼
 *       │             paused ─┤
 *       └──────cancel─────────┴▶ cancelled
 *
 * Assay itself pauses a batch, with the reason, when its owner may look nothing up any more or its sources are all switched off.
 */
const changes: Readonly<Record<BatchChange, { readonly from: readonly BatchStatus[]; readonly to: BatchStatus }>> = {
  start: { from: ["ready"], to: "running" },
  pause: { from: ["running"], to: "paused" },
  resume: { from: ["paused"], to: "running" },
  cancel: { from: ["ready", "running", "paused"], to: "cancelled" },
};
const retriable: ReadonlySet<BatchStatus> = new Set(["completed", "paused", "failed"]);

/** Throws NOT_FOUND, FORBIDDEN, or CONFLICT where the batch is in no state for it. */
export async function changeBatch(ctx: Context, id: string, change: BatchChange): Promise<Batch> {
  const before = await changeableBatch(ctx, id);
  const { from, to } = changes[change];
  await inTransaction(ctx, before, change, async (tx) => {
    if (!(await changeStatus(tx, id, from, to))) {
      const { status } = (await lockBatch(tx, id)) ?? before;
      fail("CONFLICT", `The batch is ${status}; ${change} is possible while it is ${from.join(" or ")}.`);
    }
  });
  return getBatch(ctx, id);
}

/**
 * Has what failed looked up again, which also resumes a paused batch. Throws NOT_FOUND, FORBIDDEN, or CONFLICT when nothing failed, it still runs
 * or was cancelled, or when it had ended and its owner has too many open ones.
 */
export async function retryBatch(ctx: Context, id: string, incomplete: boolean): Promise<Batch> {
  const before = await changeableBatch(ctx, id);
  await inTransaction(ctx, before, "retry", async (tx) => {
    const locked = await lockBatch(tx, id);
    if (locked?.status === "cancelled") fail("CONFLICT", "A cancelled batch cannot be retried. Make a new one of it.");
    if (!locked || !retriable.has(locked.status)) {
      fail("CONFLICT", `The batch is ${locked?.status ?? "gone"}; retry is possible once it has ended or is paused.`);
    }
    if (locked.held) fail("CONFLICT", "Lookups of the batch are still under way. Try again in a few seconds.");
    if ((await resetFailed(tx, id, incomplete)) === 0) fail("CONFLICT", "Nothing of this batch has failed.");
    if (batchEnds.has(locked.status)) await refuseTooManyOpen(ctx, tx, before.user_id);
  });
  return getBatch(ctx, id);
}

/** Forgets a batch; its lookups stay. Throws NOT_FOUND, FORBIDDEN, or CONFLICT while it runs. */
export async function deleteBatch(ctx: Context, id: string): Promise<void> {
  const before = await changeableBatch(ctx, id);
  await inTransaction(ctx, before, "delete", async (tx) => {
    if (await deleteRow(tx, id)) return;
    const { status } = (await lockBatch(tx, id)) ?? before;
    if (status === "running") fail("CONFLICT", "The batch runs. Cancel it first; then it can be deleted.");
    fail("CONFLICT", `The batch is ${status}, but lookups of it are still under way. Delete it when they have ended.`);
  });
}

async function inTransaction(
  ctx: Context,
  batch: BatchRow,
  verb: string,
  work: (tx: Transaction) => Promise<void>,
): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    await work(tx);
    await recordAudit(tx, ctx, { action: `batch.${verb}`, object: batchObject(batch) });
    await ctx.db.notify(batchesChannel, batch.id, tx);
  });
}

/** Throws NOT_FOUND where it may not be read, FORBIDDEN where it may be read only. */
export async function changeableBatch(ctx: Context, id: string): Promise<BatchRow> {
  const row = await readableBatch(ctx, id);
  if (!mayChange(ctx.actor, { userId: row.user_id, visibility: row.visibility, tlp: row.tlp }))
    fail("FORBIDDEN", "Only whoever started this batch, or an administrator, can change it.");
  return row;
}
