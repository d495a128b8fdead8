import type { IndicatorKind } from "@assay/contract";
import type { Transaction } from "../../db/database.ts";
import type { IgnoreListStore } from "../ignore-lists/ignore-list-store.ts";
import type { PreparedItem, PrepareSummary } from "./prepare/prepare-items.ts";
import type { BatchRow } from "./batch-row.ts";

export type NewBatch = Pick<
  BatchRow,
  "id" | "name" | "tlp" | "pap" | "visibility" | "source_ids" | "deadline_ms" | "user_id" | "input_hash" | "created_at"
>;

/** The row of a batch without items; false where there is one with this id already. */
export async function insertBatch(tx: Transaction, batch: NewBatch): Promise<boolean> {
  const inserted = await tx.$executeRaw`
    INSERT INTO batches (id, name, status, tlp, pap, visibility, source_ids, deadline_ms, user_id, input_hash, created_at)
    VALUES (${batch.id}, ${batch.name}, 'ready', ${batch.tlp}, ${batch.pap}, ${batch.visibility}, ${batch.source_ids}, ${batch.deadline_ms},
            ${batch.user_id}, ${batch.input_hash}, ${batch.created_at})
    ON CONFLICT (id) DO NOTHING`;
  return inserted > 0;
}

/** What has been inserted so far. */
export interface Inserted {
  total: number;
  ignored: number;
  readonly kinds: Map<IndicatorKind, number>;
}

/** Items behind those that are there; those that a known-good list for all sources holds are marked as ignored, with its name. */
export async function insertItems(
  tx: Transaction,
  batchId: string,
  items: readonly PreparedItem[],
  ignoreLists: IgnoreListStore,
  inserted: Inserted,
  breathe: () => Promise<void> | void,
): Promise<void> {
  const notes: string[] = [];
  for (const { kind, data } of items) {
    const held = ignoreLists.match(kind, data).find(({ list, global }) => global && list.kind === "known_good");
    notes.push(held ? `The ignore list ${held.list.name} holds it by its entry ${held.entry.value}` : "");
    inserted.kinds.set(kind, (inserted.kinds.get(kind) ?? 0) + 1);
    if (held) inserted.ignored++;
    await breathe();
  }
  const kinds = items.map(({ kind }) => kind);
  const data = items.map((item) => item.data);
  await tx.$executeRaw`
    INSERT INTO batch_items (batch_id, position, kind, data, state, note)
    SELECT ${batchId}, ${inserted.total}::int + ord - 1, kind, data, CASE WHEN note = '' THEN 'waiting' ELSE 'ignored' END, nullif(note, '')
    FROM unnest(${kinds}::text[], ${data}::text[], ${notes}::text[]) WITH ORDINALITY AS given(kind, data, note, ord)`;
  inserted.total += items.length;
}

/** Completes the row once all items are there. */
export async function completeInsert(
  tx: Transaction,
  id: string,
  { total, ignored, kinds }: Inserted,
  summary: PrepareSummary,
  start: boolean,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE batches SET total = ${total}, ignored = ${ignored}, kinds = ${JSON.stringify(Object.fromEntries(kinds))}::jsonb,
      found = ${summary.found}, duplicates = ${summary.duplicates}, dropped = ${JSON.stringify(summary.dropped)}::jsonb,
      dropped_count = ${summary.droppedCount}, status = CASE WHEN ${start} THEN 'running' ELSE 'ready' END,
      started_at = CASE WHEN ${start} THEN created_at END
    WHERE id = ${id}`;
}
