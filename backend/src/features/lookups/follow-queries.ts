import type { RequestSummary, Visibility } from "@assay/contract";
import type pg from "pg";
import type { Transaction } from "../../db/database.ts";
import { lockName } from "../../db/lock-name.ts";
import type { Openable } from "./follow-tree.ts";
import { type Related } from "./follow-up.ts";
import { type RequestRow, summaryColumns, summaryOfRow } from "./lookup-queries.ts";
import { leaseSeconds } from "./recorder-queries.ts";

/** What is locked by whoever changes a tree. */
const treeName = (rootId: string): string => `follow ${rootId}`;

/** Does all of `work` or nothing, while no other node changes the tree. */
export async function changeTree<T>(
  pool: pg.Pool,
  rootId: string,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    await client.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [treeName(rootId)]);
    const result = await work(client);
    await client.query("COMMIT");
    client.release();
    return result;
  } catch (error) {
    // The connection goes, and with it whatever was begun.
    client.release(true);
    throw error;
  }
}

interface HeldRow extends Pick<RequestSummary, "id" | "parentId" | "visibility" | "tlp"> {
  readonly rootId: string | null;
  readonly closed: boolean;
}

/** A lookup with the others of its tree, as they are until the transaction ends: no node changes or adds one meanwhile. */
export async function holdTree(
  tx: Transaction,
  { id, followUp }: Pick<RequestSummary, "id" | "followUp">,
): Promise<Openable[]> {
  const rootId = followUp?.rootId ?? null;
  if (rootId !== null) await lockName(tx, treeName(rootId));
  const rows = await tx.$queryRaw<HeldRow[]>`
    SELECT id, parent_id AS "parentId", follow_up->>'rootId' AS "rootId", visibility, tlp, closed FROM requests
    WHERE id = ${id} OR (follow_up IS NOT NULL AND follow_up->>'rootId' = ${rootId}) ORDER BY id FOR NO KEY UPDATE`;
  return rows.map(({ rootId: root, closed, ...request }) => ({
    request: { ...request, followUp: root === null ? null : { rootId: root } },
    closed,
  }));
}

/** Notes of a follow-up whether it was closed by itself. */
export async function markClosed(tx: Transaction, id: string, closed: boolean): Promise<void> {
  await tx.request.update({ where: { id }, data: { closed } });
}

/** What a follow-up takes from its parent as it is now; null: nothing more is followed from it. */
export async function readOpenParent(client: pg.PoolClient, id: string): Promise<{ visibility: Visibility } | null> {
  const { rows } = await client.query<{ visibility: Visibility }>(
    "SELECT visibility FROM requests WHERE id = $1 AND followed = false FOR UPDATE",
    [id],
  );
  return rows[0] ?? null;
}

/** Every indicator of a tree, the root's too. */
export async function readTreeIndicators(
  client: pg.PoolClient,
  rootId: string,
): Promise<Pick<Related, "kind" | "data">[]> {
  const { rows } = await client.query<Pick<Related, "kind" | "data">>(
    "SELECT kind, data FROM requests WHERE follow_up IS NOT NULL AND follow_up->>'rootId' = $1",
    [rootId],
  );
  return rows;
}

/** The root of the tree that a lookup is in; null: it is in none. */
export async function readRootId(pool: pg.Pool, id: string): Promise<string | null> {
  const { rows } = await pool.query<{ root_id: string | null }>(
    "SELECT follow_up->>'rootId' AS root_id FROM requests WHERE id = $1",
    [id],
  );
  return rows[0]?.root_id ?? null;
}

export async function markFollowed(client: pg.PoolClient, ids: readonly string[]): Promise<void> {
  await client.query(
    `UPDATE requests SET followed = true
     WHERE id IN (SELECT id FROM requests WHERE id = ANY($1) AND followed = false ORDER BY id FOR NO KEY UPDATE)`,
    [ids],
  );
}

interface TreeRow extends Omit<RequestRow, "plan"> {
  readonly followed: boolean | null;
}

export interface TreeLookup {
  readonly request: RequestSummary;
  /** More may be followed from it. */
  readonly open: boolean;
}

/** Every lookup of a tree, in the order in which they were started. */
export async function readTree(client: pg.Pool | pg.PoolClient, rootId: string): Promise<TreeLookup[]> {
  const { rows } = await client.query<TreeRow>(
    `SELECT ${summaryColumns}, followed FROM requests WHERE follow_up IS NOT NULL AND follow_up->>'rootId' = $1 ORDER BY created_at, id`,
    [rootId],
  );
  return rows.map((row) => ({ request: summaryOfRow(row), open: row.followed === false }));
}

/** Takes over ended lookups that nobody has followed to the end; two nodes never get the same one. */
export async function claimUnfollowed(pool: pg.Pool, node: string, ownToo: boolean): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `UPDATE requests SET node = $1, lease_until = now() + make_interval(secs => $2)
     WHERE id IN (SELECT id FROM requests WHERE followed = false AND status <> 'running' AND (lease_until < now() OR ($3 AND node = $1))
                  ORDER BY lease_until LIMIT 1000 FOR UPDATE SKIP LOCKED)
     RETURNING id`,
    [node, leaseSeconds, ownToo],
  );
  return rows.map((row) => row.id);
}
