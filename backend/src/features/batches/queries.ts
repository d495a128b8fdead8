import { type BatchDropped, batchEnds, type BatchItemFilter, type BatchStatus, type Visibility } from "@assay/contract";
import type pg from "pg";
import type { Actor } from "../../context.ts";
import type { Transaction } from "../../db/database.ts";
import { readableWhere } from "../../may-read.ts";
import { type BatchRow, batchColumns, type ItemRow, itemColumns } from "./batch-row.ts";

export async function findBatch(pool: pg.Pool, id: string): Promise<BatchRow | null> {
  const { rows } = await pool.query<BatchRow>({
    name: "batches.find",
    text: `SELECT ${batchColumns} FROM batches WHERE id = $1`,
    values: [id],
  });
  return rows[0] ?? null;
}

/** Batches that the actor may see, newest first, after the position. */
export async function listBatches(
  pool: pg.Pool,
  actor: Actor,
  status: BatchStatus | undefined,
  after: { readonly createdAt: Date; readonly id: string } | null,
  limit: number,
): Promise<BatchRow[]> {
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const where = [`(${readableWhere(actor, bind, "batches").join(" OR ")})`];
  if (status !== undefined) where.push(`status = ${bind(status)}`);
  if (after) where.push(`(created_at, id) < (${bind(after.createdAt)}::timestamptz, ${bind(after.id)})`);
  const { rows } = await pool.query<BatchRow>(
    `SELECT ${batchColumns} FROM batches WHERE ${where.join(" AND ")} ORDER BY created_at DESC, id DESC LIMIT ${bind(limit)}`,
    values,
  );
  return rows;
}

export async function readDropped(pool: pg.Pool, id: string): Promise<BatchDropped["items"]> {
  const { rows } = await pool.query<{ dropped: BatchDropped["items"] }>("SELECT dropped FROM batches WHERE id = $1", [
    id,
  ]);
  return rows[0]?.dropped ?? [];
}

/** Items that pass the filter, from a position on; without those whose lookup was closed, where `closedToo` does not say otherwise. */
export async function listItems(
  pool: pg.Pool,
  id: string,
  { state, verdict, kind }: BatchItemFilter,
  { from, limit, closedToo }: { readonly from: number; readonly limit: number; readonly closedToo: boolean },
): Promise<ItemRow[]> {
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const where = [`batch_id = ${bind(id)}`, `position >= ${bind(from)}`];
  if (state !== undefined) where.push(`state = ${bind(state)}`);
  if (verdict !== undefined) where.push(`verdict = ${bind(verdict)}`);
  if (kind !== undefined) where.push(`kind = ${bind(kind)}`);
  if (!closedToo) where.push("NOT closed");
  const { rows } = await pool.query<ItemRow>(
    `SELECT ${itemColumns} FROM batch_items WHERE ${where.join(" AND ")} ORDER BY position LIMIT ${bind(limit)}`,
    values,
  );
  return rows;
}

/** Which of these lookups are there. */
export async function keptLookups(pool: pg.Pool, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ id: string }>("SELECT id FROM requests WHERE id = ANY($1)", [ids]);
  return new Set(rows.map(({ id }) => id));
}

/** Changes the status where it is one of `from`; false where it is not. */
export async function changeStatus(
  tx: Transaction,
  id: string,
  from: readonly BatchStatus[],
  to: BatchStatus,
): Promise<boolean> {
  const changed = await tx.$executeRaw`
    UPDATE batches SET status = ${to}, revision = revision + 1, rate = NULL, problem = CASE WHEN ${to} = 'running' THEN NULL ELSE problem END,
      started_at = CASE WHEN ${to} = 'running' THEN coalesce(started_at, now()) ELSE started_at END,
      ended_at = CASE WHEN ${batchEnds.has(to)} THEN now() ELSE NULL END
    WHERE id = ${id} AND status = ANY(${[...from]})`;
  return changed > 0;
}

/** Has what failed asked again, and what is incomplete where told; returns how many that are. Only of a batch that no worker holds. */
export async function resetFailed(tx: Transaction, id: string, incomplete: boolean): Promise<number> {
  const reset = await tx.$executeRaw`
    UPDATE batch_items SET state = 'waiting', attempt = attempt + 1, note = NULL, verdict = NULL, score = NULL, sources_failed = 0
    WHERE batch_id = ${id} AND (state = 'failed' OR (${incomplete} AND state = 'done' AND sources_failed > 0))`;
  if (reset === 0) return 0;
  await tx.$executeRaw`
    UPDATE batches b SET status = 'running', started_at = coalesce(started_at, now()), ended_at = NULL, problem = NULL, claimed = 0,
      rate = NULL, revision = revision + 1, done = n.done, failed = n.failed, incomplete = n.incomplete, malicious = n.malicious,
      suspicious = n.suspicious, benign = n.benign, unknown = n.unknown
    FROM (SELECT count(*) FILTER (WHERE state = 'done') AS done, count(*) FILTER (WHERE state = 'failed') AS failed,
                 count(*) FILTER (WHERE state = 'done' AND sources_failed > 0) AS incomplete,
                 count(*) FILTER (WHERE verdict = 'malicious') AS malicious, count(*) FILTER (WHERE verdict = 'suspicious') AS suspicious,
                 count(*) FILTER (WHERE verdict = 'benign') AS benign, count(*) FILTER (WHERE verdict = 'unknown') AS unknown
          FROM batch_items WHERE batch_id = ${id}) n
    WHERE b.id = ${id}`;
  return reset;
}

/** Deletes a batch that does not run and that no worker holds; false where it does. */
export async function deleteBatch(tx: Transaction, id: string): Promise<boolean> {
  return (await tx.$executeRaw`DELETE FROM batches WHERE id = ${id} AND status <> 'running' AND node IS NULL`) > 0;
}

/** Locks the batch's row until the transaction ends, and tells whether a worker holds it. */
export async function lockBatch(tx: Transaction, id: string): Promise<{ status: BatchStatus; held: boolean } | null> {
  const rows = await tx.$queryRaw<{ status: BatchStatus; held: boolean }[]>`
    SELECT status, node IS NOT NULL AS held FROM batches WHERE id = ${id} FOR UPDATE`;
  return rows[0] ?? null;
}

export async function setBatchVisibility(tx: Transaction, id: string, visibility: Visibility): Promise<void> {
  await tx.$executeRaw`UPDATE batches SET visibility = ${visibility}, revision = revision + 1 WHERE id = ${id}`;
}

/** Items whose lookups were closed by themselves. */
export function closedItems(tx: Transaction, batchId: string): Promise<{ position: number; attempt: number }[]> {
  return tx.batchItem.findMany({ where: { batchId, closed: true }, select: { position: true, attempt: true } });
}

/**
 * How many of the waiting items the actor can find looked up since a time. IS NOT DISTINCT FROM is no use of an index: while there are no
 * statistics of a batch that was just made, the planner would else read all lookups of a kind for each of its items.
 */
export async function countSeen(pool: pg.Pool, actor: Actor, id: string, since: Date): Promise<number> {
  const values: unknown[] = [id, since];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const readable = readableWhere(actor, bind, "r").join(" OR ");
  const { rows } = await pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM batch_items i WHERE i.batch_id = $1 AND i.state = 'waiting' AND EXISTS (
       SELECT FROM requests r WHERE md5(r.data) = md5(i.data) AND r.data = i.data AND r.kind IS NOT DISTINCT FROM i.kind AND r.created_at >= $2 AND (${readable}))`,
    values,
  );
  return rows[0]?.count ?? 0;
}
