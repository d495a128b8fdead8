import { createHash } from "node:crypto";
import {
  type Batch,
  type BatchDropped,
  type BatchInput,
  type BatchItem,
  type BatchItemFilter,
  batchItemsMax,
  type BatchStatus,
} from "@assay/contract";
import { z } from "zod";
import { requireUser } from "../../authorise.ts";
import type { Context } from "../../context.ts";
import { derivedId } from "../../derived-id.ts";
import { newId } from "../../ids.ts";
import { withMarkings } from "../../may-ask.ts";
import { mayChange, mayRead } from "../../may-read.ts";
import { decodeCursor, type Page, pageOf, positionInTime } from "../../page.ts";
import { fail, failValidation } from "../../problem-error.ts";
import { recordAudit } from "../audit/record.ts";
import type { ConfigStore } from "../config/config-store.ts";
import { createBreather } from "../../breathe.ts";
import type { IgnoreListStore } from "../ignore-lists/ignore-list-store.ts";
import type { KeptAnswers } from "../indicators/plan-adder.ts";
import type { Lookups } from "../lookups/lookups.ts";
import type { SourceRegistry } from "../lookups/source-registry.ts";
import type { LeftFor } from "../quotas/quota-forecast.ts";
import { visibilityOf } from "../lookups/visibility.ts";
import { tellReading } from "../requests/tell-reading.ts";
import { batchObject } from "./batch-object.ts";
import { batchOf, type BatchRow, itemOf } from "./batch-row.ts";
import { mayOpenAnother, refuseAnotherOpen, refuseTooManyOpen } from "./open-batches.ts";
import { prepare } from "./prepare/prepare.ts";
import type { PrepareTask } from "./prepare/prepare-items.ts";
import { findBatch, keptLookups, listBatches, listItems, readDropped } from "./queries.ts";
import { requestIdOf } from "./request-id.ts";
import { batchesChannel } from "./channel.ts";
import { completeInsert, insertBatch, insertItems, type Inserted, type NewBatch } from "./store-batch.ts";

export interface BatchTools {
  readonly lookups: Lookups;
  readonly registry: SourceRegistry;
  readonly ignoreLists: IgnoreListStore;
  readonly settings: ConfigStore;
  readonly kept: KeptAnswers;
  readonly left: LeftFor;
}

/** Longer than of a single lookup: nobody waits, and the sources are busy with the rest of the batch. */
const deadlineMsDefault = 120_000;
const storeTimeoutMs = 120_000;

/**
 * Makes a batch out of a text or a list, all of it or nothing. The same key, if there is one, with the same input gives the batch that
 * it gave before; `made` is false then.
 * @throws ProblemError VALIDATION_FAILED, UNKNOWN_SOURCE, FORBIDDEN above the highest TLP of a token, UNAVAILABLE; CONFLICT when the key stands for another input or
 *   too many batches of the caller have not ended
 */
export async function createBatch(
  ctx: Context,
  tools: BatchTools,
  input: BatchInput,
  key: string | null,
): Promise<{ readonly batch: Batch; readonly made: boolean }> {
  const userId = requireUser(ctx.actor).id;
  const id = key === null ? newId() : derivedId("batch", userId, key);
  const inputHash = createHash("sha256").update(JSON.stringify(input)).digest("hex");
  // Counted first: one of the same key that is made meanwhile is given, and not refused as one too many.
  const mayOpen = await mayOpenAnother(ctx, userId);
  const before = key === null ? null : await findBatch(ctx.db.pool, id);
  if (before) return { batch: repeated(ctx, before, inputHash), made: false };
  if (!mayOpen) refuseAnotherOpen(ctx.actor, userId);
  input.sourceIds?.forEach((sourceId, index) => {
    if (!tools.registry.get(sourceId))
      fail("UNKNOWN_SOURCE", `There is no source ${sourceId}`, [
        { field: `body.sourceIds[${index}]`, message: "no source has this id" },
      ]);
  });
  const settings = tools.settings.current();
  const { tlp, pap } = withMarkings(ctx.actor, settings, input);
  const row: NewBatch = {
    id,
    name: input.name ?? null,
    tlp,
    pap,
    visibility: visibilityOf(tlp, input.visibility, settings.defaultVisibility),
    source_ids: [...new Set(input.sourceIds)],
    deadline_ms: input.deadlineMs ?? deadlineMsDefault,
    user_id: userId,
    input_hash: inputHash,
    created_at: ctx.clock.now(),
  };
  const made = await storeBatch(ctx, tools, input, row);
  const stored = (await findBatch(ctx.db.pool, id)) ?? fail("CONFLICT", "The batch was deleted while it was made.");
  return { batch: made ? batchOf(stored) : repeated(ctx, stored, inputHash), made };
}

function repeated({ actor }: Context, batch: BatchRow, inputHash: string): Batch {
  if (batch.input_hash === inputHash && mayRead(actor, guardedOf(batch))) return batchOf(batch);
  return fail("CONFLICT", `The Idempotency-Key has made the batch ${batch.id} from another input. Take another key.`);
}

async function storeBatch(ctx: Context, tools: BatchTools, input: BatchInput, row: NewBatch): Promise<boolean> {
  const task: PrepareTask = {
    text: input.text ?? null,
    list: input.indicators ?? [],
    doubtful: input.doubtful,
    itemsMax: batchItemsMax,
  };
  // The longest part comes before the transaction is opened.
  const chunks = await prepare(task, ctx.signal);
  return ctx.db.transaction(
    async (tx) => {
      if (!(await insertBatch(tx, row))) return false;
      const inserted: Inserted = { total: 0, ignored: 0, kinds: new Map() };
      const breathe = createBreather();
      for (const { items } of chunks)
        if (items.length > 0) await insertItems(tx, row.id, items, tools.ignoreLists, inserted, breathe);
      const end = chunks.at(-1)?.end;
      const field = input.text === undefined ? "body.indicators" : "body.text";
      if (!end || inserted.total === 0) return failValidation([{ field, message: "holds no indicator" }]);
      const different = end.found - end.duplicates;
      if (different > batchItemsMax) {
        const message = `holds ${different} different indicators, and a batch takes ${batchItemsMax}: make several of it`;
        failValidation([{ field, message }]);
      }
      await completeInsert(tx, row.id, inserted, end, input.start);
      await recordAudit(tx, ctx, { action: "batch.create", object: batchObject(row), count: 1 });
      if (input.start) await ctx.db.notify(batchesChannel, row.id, tx);
      await refuseTooManyOpen(ctx, tx, row.user_id);
      return true;
    },
    { timeoutMs: storeTimeoutMs },
  );
}

/** One batch. Throws NOT_FOUND, also where it may not be seen. */
export async function getBatch(ctx: Context, id: string): Promise<Batch> {
  return batchOf(await readableBatch(ctx, id));
}

/** Throws NOT_FOUND, also where it may not be seen. */
export async function readableBatch(ctx: Context, id: string): Promise<BatchRow> {
  const row = await findBatch(ctx.db.pool, id);
  if (!row || !mayRead(ctx.actor, guardedOf(row))) return fail("NOT_FOUND", `There is no batch ${id}`);
  await tellReading(ctx, [guardedOf(row)], "batch");
  return row;
}

/** Batches that the caller may see, newest first. */
export async function pageBatches(
  ctx: Context,
  status: BatchStatus | undefined,
  cursor: string | undefined,
  limit: number,
): Promise<Page<Batch>> {
  const after = decodeCursor(cursor, positionInTime);
  const rows = await listBatches(ctx.db.pool, ctx.actor, status, after, limit + 1);
  await tellReading(ctx, rows.slice(0, limit).map(guardedOf), "batch");
  return pageOf(rows, limit, ({ created_at, id }) => [created_at.toISOString(), id], batchOf);
}

/** What was not taken for an indicator. Throws NOT_FOUND. */
export async function getDropped(ctx: Context, id: string): Promise<BatchDropped> {
  const batch = await readableBatch(ctx, id);
  const items = await readDropped(ctx.db.pool, id);
  return { items, more: batch.dropped_count - items.length };
}

const itemPosition = z.tuple([z.string().regex(/^\d{1,9}$/)]).transform(([position]) => Number(position));

/** The items that pass the filter, in order; one whose lookup was closed is for whoever may change the batch. Throws NOT_FOUND. */
export async function pageItems(
  ctx: Context,
  id: string,
  filter: BatchItemFilter,
  cursor: string | undefined,
  limit: number,
): Promise<Page<BatchItem>> {
  const batch = guardedOf(await readableBatch(ctx, id));
  const closedToo = mayChange(ctx.actor, batch);
  const last = decodeCursor(cursor, itemPosition);
  const from = last === null ? 0 : last + 1;
  const rows = await listItems(ctx.db.pool, id, filter, { from, limit: limit + 1, closedToo });
  const closed = rows.filter((row, at) => row.closed && at < limit);
  const lookups = closed.map((row) => ({ ...batch, id: requestIdOf(id, row), visibility: "private" as const }));
  await tellReading(ctx, lookups);
  const kept = await keptLookups(
    ctx.db.pool,
    rows.map((row) => requestIdOf(id, row)),
  );
  return pageOf(
    rows,
    limit,
    ({ position }) => [String(position)],
    (row) => itemOf(id, row, kept),
  );
}

export function guardedOf({ id, user_id, visibility, tlp }: BatchRow) {
  return { id, userId: user_id, visibility, tlp };
}
