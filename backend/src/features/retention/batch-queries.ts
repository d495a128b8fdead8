import type pg from "pg";

/** A row's header, small columns and entries in the indexes, estimated. */
const batchOverheadBytes = 500;
const itemOverheadBytes = 200;
export const batchBytes = `pg_column_size(dropped) + ${batchOverheadBytes}`;
export const itemBytes = `pg_column_size(data) + coalesce(pg_column_size(note), 0) + ${itemOverheadBytes}`;

const over = "ended_at IS NOT NULL AND node IS NULL AND ended_at < $1";

/** `$1` ended before. One that somebody else holds is left for the next time. */
const deleteBatchSql = `
WITH oldest AS MATERIALIZED (
  SELECT id FROM batches WHERE ${over} ORDER BY ended_at LIMIT 1 FOR UPDATE SKIP LOCKED
), items AS (
  DELETE FROM batch_items USING oldest WHERE batch_id = oldest.id RETURNING ${itemBytes} AS bytes
), gone AS (
  DELETE FROM batches USING oldest WHERE batches.id = oldest.id RETURNING ${batchBytes} AS bytes
)
SELECT (SELECT count(*)::int FROM gone) AS batches,
       ((SELECT coalesce(sum(bytes), 0) FROM items) + (SELECT coalesce(sum(bytes), 0) FROM gone))::float8 AS bytes`;

/** Deletes the batch that ended first, with all that it holds, in one transaction that waits for nobody; `batches` is 0 or 1. */
export async function deleteBatch(pool: pg.Pool, endedBefore: Date): Promise<{ batches: number; bytes: number }> {
  const { rows } = await pool.query<{ batches: number; bytes: number }>(deleteBatchSql, [endedBefore]);
  return rows[0] ?? { batches: 0, bytes: 0 };
}

/** How many batches ended before. */
export async function countBatches(pool: pg.Pool, endedBefore: Date, most: number): Promise<number> {
  const sql = `SELECT count(*)::int AS count FROM (SELECT FROM batches WHERE ${over} LIMIT $2) AS aged`;
  return (await pool.query<{ count: number }>(sql, [endedBefore, most])).rows[0]?.count ?? 0;
}
