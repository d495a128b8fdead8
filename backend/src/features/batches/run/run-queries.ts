import type { Batch, BatchItem, Role } from "@assay/contract";
import type pg from "pg";
import { type BatchRow, batchColumns, type ItemRow, itemColumns } from "../batch-row.ts";

/** How long a batch stays with a worker that no longer renews it. */
export const leaseSeconds = 15;

const freeWhere =
  "(status = 'running' OR node IS NOT NULL) AND (node IS NULL OR lease_until < now() OR ($3 AND node = $1)) AND id <> ALL($4)";

export interface ClaimedBatch extends BatchRow {
  /** The worker that held it before; null: nobody did, or let go of it in order. */
  readonly former: string | null;
}

/**
 * Takes batches that nobody works on: new ones, those whose worker is silent, and, at start, those of a former life of this one. Two
 * workers never get the same one. A batch that was paused or cancelled is taken, too, while a worker that died had lookups of it out.
 * First come the users with the fewest on this worker; `shared` of them may be of anybody, the others only of users that have none.
 */
export async function claimBatches(
  pool: pg.Pool,
  node: string,
  options: {
    readonly ownToo: boolean;
    readonly active: readonly string[];
    readonly most: number;
    readonly shared: number;
  },
): Promise<ClaimedBatch[]> {
  const columns = batchColumns.replaceAll(/\w+/g, "b.$&");
  const { rows } = await pool.query<ClaimedBatch>(
    `WITH here AS (
       SELECT user_id, count(*) AS batches FROM batches WHERE id = ANY($4) GROUP BY user_id
     ), ranked AS (
       SELECT id, created_at, coalesce(here.batches, 0) + row_number() OVER (PARTITION BY user_id ORDER BY created_at) AS rank
       FROM batches LEFT JOIN here USING (user_id) WHERE ${freeWhere}
     ), chosen AS (
       SELECT id FROM (SELECT id, rank, created_at, row_number() OVER (ORDER BY rank, created_at) AS place FROM ranked) AS placed
       WHERE rank = 1 OR place <= $6 ORDER BY rank, created_at LIMIT $5
     ), free AS (
       SELECT id, node AS former FROM batches WHERE id IN (SELECT id FROM chosen) AND ${freeWhere} FOR UPDATE SKIP LOCKED)
     UPDATE batches b SET node = $1, lease_until = now() + make_interval(secs => $2) FROM free WHERE b.id = free.id
     RETURNING ${columns}, free.former`,
    [node, leaseSeconds, options.ownToo, options.active, options.most, options.shared],
  );
  return rows;
}

/** Keeps a batch for another while; null: another worker has it now, or it is gone. `roles` are of its user, null when that one is gone or off. */
export async function renewBatch(
  pool: pg.Pool,
  node: string,
  id: string,
): Promise<{ status: Batch["status"]; roles: Role[] | null } | null> {
  const { rows } = await pool.query<{ status: Batch["status"]; roles: Role[] | null }>({
    name: "batches.renew",
    text: `UPDATE batches b SET lease_until = now() + make_interval(secs => $3) WHERE id = $2 AND node = $1
           RETURNING status, (SELECT roles FROM users u WHERE u.id = b.user_id AND u.enabled) AS roles`,
    values: [node, id, leaseSeconds],
  });
  return rows[0] ?? null;
}

/** Items that wait, in a range of positions. */
export async function waitingItems(
  pool: pg.Pool,
  id: string,
  from: number,
  below: number,
  limit: number,
): Promise<ItemRow[]> {
  const { rows } = await pool.query<ItemRow>({
    name: "batches.waiting",
    text: `SELECT ${itemColumns} FROM batch_items WHERE batch_id = $1 AND position >= $2 AND position < $3 AND state = 'waiting'
           ORDER BY position LIMIT $4`,
    values: [id, from, below, limit],
  });
  return rows;
}

/** Notes, before any of them is asked, that items below a position are in this worker's hands. False: it may not start any. */
export async function claimItems(pool: pg.Pool, node: string, id: string, below: number): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: "batches.claim-items",
    text: "UPDATE batches SET claimed = greatest(claimed, $3) WHERE id = $2 AND node = $1 AND status = 'running'",
    values: [node, id, below],
  });
  return rowCount === 1;
}

export interface ItemResult {
  readonly position: number;
  readonly attempt: number;
  readonly state: Exclude<BatchItem["state"], "waiting" | "ignored">;
  readonly note: string | null;
  readonly verdict: BatchItem["verdict"];
  readonly score: number | null;
  readonly sourcesFailed: number;
}

const storeSql = `
WITH given AS (
  SELECT * FROM unnest($3::int[], $4::int[], $5::text[], $6::text[], $7::text[], $8::float8[], $9::int[])
    AS g(position, attempt, state, note, verdict, score, sources_failed)
), changed AS (
  UPDATE batch_items i SET state = g.state, note = g.note, verdict = g.verdict, score = g.score, sources_failed = g.sources_failed
  FROM given g WHERE i.batch_id = $2 AND i.position = g.position AND i.attempt = g.attempt AND i.state = 'waiting'
  RETURNING i.state, i.verdict, i.sources_failed
), counted AS (
  SELECT count(*) FILTER (WHERE state = 'done') AS done, count(*) FILTER (WHERE state = 'failed') AS failed,
         count(*) FILTER (WHERE state = 'done' AND sources_failed > 0) AS incomplete,
         count(*) FILTER (WHERE verdict = 'malicious') AS malicious, count(*) FILTER (WHERE verdict = 'suspicious') AS suspicious,
         count(*) FILTER (WHERE verdict = 'benign') AS benign, count(*) FILTER (WHERE verdict = 'unknown') AS unknown
  FROM changed
)
UPDATE batches b SET done = b.done + c.done, failed = b.failed + c.failed, incomplete = b.incomplete + c.incomplete,
  malicious = b.malicious + c.malicious, suspicious = b.suspicious + c.suspicious, benign = b.benign + c.benign, unknown = b.unknown + c.unknown,
  running = CASE WHEN b.node = $1 THEN $10 ELSE b.running END,
  rate = CASE WHEN b.node = $1 AND b.status = 'running' THEN $11 ELSE b.rate END, problem = coalesce($12, b.problem),
  revision = b.revision + 1
FROM counted c WHERE b.id = $2`;

/** Stores what came of items, and counts those that had not been counted before, in one statement. */
export async function storeResults(
  pool: pg.Pool,
  node: string,
  id: string,
  results: readonly ItemResult[],
  progress: { readonly running: number; readonly rate: number | null; readonly problem: string | null },
): Promise<void> {
  await pool.query({
    name: "batches.results",
    text: storeSql,
    values: [
      node,
      id,
      results.map(({ position }) => position),
      results.map(({ attempt }) => attempt),
      results.map(({ state }) => state),
      results.map(({ note }) => note),
      results.map(({ verdict }) => verdict),
      results.map(({ score }) => score),
      results.map(({ sourcesFailed }) => sourcesFailed),
      progress.running,
      progress.rate,
      progress.problem,
    ],
  });
}

/**
 * Lets go of a batch of which nothing is under way: for good when all of it is done, as failed where a problem was stored with what was
 * done. False: there is more to do after all.
 */
export async function releaseBatch(pool: pg.Pool, node: string, id: string, claimed: number): Promise<boolean> {
  const { rowCount } = await pool.query(
    `UPDATE batches SET node = NULL, lease_until = NULL, running = 0, rate = NULL, claimed = $3, revision = revision + 1,
       ended_at = CASE WHEN status = 'running' THEN now() ELSE ended_at END,
       status = CASE WHEN status <> 'running' THEN status WHEN problem IS NULL THEN 'completed' ELSE 'failed' END
     WHERE id = $2 AND node = $1 AND (status <> 'running' OR done + failed + ignored >= total)`,
    [node, id, claimed],
  );
  return rowCount === 1;
}

/** Halts a batch that cannot go on for now. */
export async function pauseBatch(pool: pg.Pool, node: string, id: string, problem: string): Promise<void> {
  await pool.query(
    `UPDATE batches SET status = 'paused', problem = $3, rate = NULL, revision = revision + 1
     WHERE id = $2 AND node = $1 AND status = 'running'`,
    [node, id, problem],
  );
}

/** Gives a batch to whoever asks next. What is under way of it is looked for by that worker. */
export async function leaveBatches(pool: pg.Pool, node: string, ids: readonly string[]): Promise<void> {
  await pool.query("UPDATE batches SET lease_until = now() WHERE id = ANY($2) AND node = $1", [node, ids]);
}
