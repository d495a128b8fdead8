import type { Outcome } from "@assay/contract";
import type pg from "pg";
import { batchBytes, itemBytes } from "./batch-queries.ts";

/** What was deleted. */
export interface Deleted {
  readonly lookups: number;
  readonly answers: number;
  readonly batches: number;
  /** What it took up, in the measure of `measureLookups`. */
  readonly bytes: number;
}

/** What one statement deleted. */
interface Deletion extends Omit<Deleted, "batches"> {
  /** The age of the youngest: where the next one begins, so that it does not wade through what is deleted already. */
  readonly last_at: Date | null;
}

export interface Measure {
  /** Taken up by lookups, answers and batches that are there, with their share of the indexes; by a sample of large tables. */
  readonly usedBytes: number;
  /** Of the files, with what is free in them. */
  readonly diskBytes: number;
  readonly oldestAt: Date | null;
}

export interface DeletionBounds {
  /** Where the one before has ended; at first the beginning of time. */
  readonly from: Date;
  readonly most: number;
}

/** Pages of a table that are read to measure it; a table of fewer is measured whole. */
const samplePages = 2_000;
/** A row's header, small columns and entries in the indexes: estimated, and held to the size on disk by a test. */
const lookupOverheadBytes = 900;
const answerOverheadBytes = 450;
const lookupBytes = `pg_column_size(data) + pg_column_size(plan) + pg_column_size(summary) + pg_column_size(ignore_lists) + ${lookupOverheadBytes}`;
const answerBytes = `pg_column_size(answer) + ${answerOverheadBytes}`;
export const countMost = 100_000;

/** Locks all that share the answers of some lookups, as `shared`; `busy` are lookups of which somebody else has one of them in hand. */
const lockSharers = (lookups: string, lock: "FOR UPDATE" | "FOR NO KEY UPDATE"): string => `shared AS MATERIALIZED (
  SELECT s.id, s.answers_of FROM requests s WHERE s.answers_of IN (${lookups}) ${lock} SKIP LOCKED
), busy AS MATERIALIZED (
  SELECT l.id FROM (${lookups}) AS l,
    -- OFFSET 0 has each looked up by the index.
    LATERAL (SELECT s.id FROM requests s WHERE s.answers_of = l.id OFFSET 0) AS s WHERE s.id NOT IN (SELECT id FROM shared)
)`;

// Each visibility has an index of its own in the order of age, and none has both.
const oldestOf = (visibility: "everyone" | "private"): string =>
  `(SELECT id, created_at FROM requests WHERE visibility = '${visibility}' AND status <> 'running' AND created_at >= $4 AND created_at < $1 AND completed_at < $2
    ORDER BY created_at, id LIMIT $3)`;

/**
 * `$1` lookups begun before, `$2` and ended before, `$3` how many at the most, `$4` not begun before. Those that somebody else holds are left
 * for the next time. With a lookup go those that share its answers, however many and whenever they began, unless somebody holds one of them.
 */
export const deleteLookupsSql = `
WITH oldest AS (
  SELECT id FROM (${oldestOf("everyone")} UNION ALL ${oldestOf("private")}) AS aged ORDER BY created_at, id LIMIT $3
), held AS MATERIALIZED (
  SELECT id, created_at FROM requests WHERE id IN (SELECT id FROM oldest) AND status <> 'running' FOR UPDATE SKIP LOCKED
), ${lockSharers("SELECT id FROM held", "FOR UPDATE")}, due AS MATERIALIZED (
  SELECT id, created_at FROM held WHERE id NOT IN (SELECT id FROM busy)
), answers AS (
  DELETE FROM source_requests USING due WHERE request_id = due.id RETURNING ${answerBytes} AS bytes
), lookups AS (
  DELETE FROM requests WHERE id IN (SELECT id FROM due UNION SELECT s.id FROM shared s JOIN due ON s.answers_of = due.id)
  RETURNING ${lookupBytes} AS bytes
)
SELECT (SELECT count(*)::int FROM lookups) AS lookups, (SELECT count(*)::int FROM answers) AS answers,
       ((SELECT coalesce(sum(bytes), 0) FROM lookups) + (SELECT coalesce(sum(bytes), 0) FROM answers))::float8 AS bytes,
       (SELECT max(created_at) FROM due) AS last_at`;

/** `$1` of this outcome, `$2` older than this, `$3` of lookups that ended before, `$4` how many at the most, `$5` the time now, `$6` not older. */
export const deleteAnswersSql = `
WITH aged AS MATERIALIZED (
  SELECT s.id, s.request_id FROM source_requests s JOIN requests r ON r.id = s.request_id
  WHERE s.outcome = $1 AND s.created_at >= $6 AND s.created_at < $2 AND r.created_at < $2 AND r.status <> 'running' AND r.completed_at < $3
  ORDER BY s.created_at LIMIT $4
  FOR UPDATE OF s SKIP LOCKED FOR NO KEY UPDATE OF r SKIP LOCKED
), ${lockSharers("SELECT request_id AS id FROM aged", "FOR NO KEY UPDATE")}, gone AS (
  DELETE FROM source_requests s USING aged WHERE s.id = aged.id AND aged.request_id NOT IN (SELECT id FROM busy) RETURNING s.request_id, s.created_at, ${answerBytes} AS bytes
), counted AS (
  SELECT request_id, count(*)::int AS answers FROM gone GROUP BY request_id
), marked AS (
  UPDATE requests SET answers_pruned = answers_pruned + counted.answers, answers_pruned_at = $5 FROM counted WHERE requests.id = counted.request_id
), marked_sharers AS (
  UPDATE requests SET answers_pruned = answers_pruned + counted.answers, answers_pruned_at = $5 FROM counted WHERE requests.answers_of = counted.request_id
)
SELECT 0 AS lookups, (SELECT count(*)::int FROM gone) AS answers, (SELECT coalesce(sum(bytes), 0)::float8 FROM gone) AS bytes,
       (SELECT max(created_at) FROM gone) AS last_at`;

/** Deletes the oldest lookups with all their answers, in one short transaction that waits for nobody. */
export function deleteLookups(
  pool: pg.Pool,
  begunBefore: Date,
  endedBefore: Date,
  { from, most }: DeletionBounds,
): Promise<Deletion> {
  return one<Deletion>(pool, deleteLookupsSql, [begunBefore, endedBefore, most, from]);
}

/** Deletes the oldest answers of one outcome and notes it on all lookups that had them, in one short transaction that waits for nobody. */
export function deleteAnswers(
  pool: pg.Pool,
  outcome: Outcome,
  { before, endedBefore, now }: { readonly before: Date; readonly endedBefore: Date; readonly now: Date },
  { from, most }: DeletionBounds,
): Promise<Deletion> {
  return one<Deletion>(pool, deleteAnswersSql, [outcome, before, endedBefore, most, now, from]);
}

/** How much lookups take up. Reads a few thousand pages at the most, however large the tables are. */
export async function measureLookups(pool: pg.Pool): Promise<Measure> {
  const { requests_pages, answers_pages, batches_pages, items_pages, disk_bytes, oldest_at } = await one<{
    requests_pages: number;
    answers_pages: number;
    batches_pages: number;
    items_pages: number;
    disk_bytes: number;
    oldest_at: Date | null;
  }>(
    pool,
    `SELECT (pg_relation_size('requests') / 8192.0)::float8 AS requests_pages, (pg_relation_size('source_requests') / 8192.0)::float8 AS answers_pages,
            (pg_relation_size('batches') / 8192.0)::float8 AS batches_pages, (pg_relation_size('batch_items') / 8192.0)::float8 AS items_pages,
            (pg_total_relation_size('requests') + pg_total_relation_size('source_requests') + pg_total_relation_size('batches')
             + pg_total_relation_size('batch_items'))::float8 AS disk_bytes,
            least((SELECT min(created_at) FROM requests WHERE visibility = 'everyone'), (SELECT min(created_at) FROM requests WHERE visibility = 'private')) AS oldest_at`,
    [],
  );
  const lookups = await sampleBytes(pool, "requests", lookupBytes, requests_pages);
  const answers = await sampleBytes(pool, "source_requests", answerBytes, answers_pages);
  const batches = await sampleBytes(pool, "batches", batchBytes, batches_pages);
  const items = await sampleBytes(pool, "batch_items", itemBytes, items_pages);
  return { usedBytes: Math.round(lookups + answers + batches + items), diskBytes: disk_bytes, oldestAt: oldest_at };
}

async function sampleBytes(pool: pg.Pool, table: string, bytes: string, pages: number): Promise<number> {
  const percent = Math.min(100, (100 * samplePages) / Math.max(1, pages));
  const sql = `SELECT coalesce(sum(${bytes}), 0)::float8 AS bytes FROM ${table} TABLESAMPLE SYSTEM ($1::real)`;
  return ((await one<{ bytes: number }>(pool, sql, [percent])).bytes * 100) / percent;
}

/** How many lookups that have ended began before. */
export async function countLookups(pool: pg.Pool, begunBefore: Date): Promise<number> {
  const of = (visibility: string): string =>
    `(SELECT FROM requests WHERE visibility = '${visibility}' AND status <> 'running' AND created_at < $1 LIMIT $2)`;
  const sql = `SELECT count(*)::int AS count FROM (${of("everyone")} UNION ALL ${of("private")} LIMIT $2) AS aged`;
  return (await one<{ count: number }>(pool, sql, [begunBefore, countMost])).count;
}

/** How many answers of one outcome came between these times. */
export async function countAnswers(pool: pg.Pool, outcome: Outcome, from: Date | null, before: Date): Promise<number> {
  const sql = `SELECT count(*)::int AS count FROM
    (SELECT FROM source_requests WHERE outcome = $1 AND created_at < $2 AND created_at >= coalesce($3, '-infinity'::timestamptz) LIMIT $4) AS aged`;
  return (await one<{ count: number }>(pool, sql, [outcome, before, from, countMost])).count;
}

async function one<T extends pg.QueryResultRow>(pool: pg.Pool, sql: string, values: readonly unknown[]): Promise<T> {
  const [row] = (await pool.query<T>(sql, [...values])).rows;
  if (row === undefined) throw new Error("an aggregate without a row");
  return row;
}
