import {
  type Answer,
  freshDaysOf,
  type PlanRow,
  type RequestSummary,
  type RequestStatus,
  type Verdict,
} from "@assay/contract";
import type pg from "pg";
import type { LookupRecord, Premises } from "./events.ts";
import { leaseSeconds } from "./recorder-queries.ts";

export interface RequestRow {
  readonly id: string;
  readonly data: string;
  readonly kind: RequestSummary["kind"];
  readonly status: RequestStatus;
  readonly tlp: RequestSummary["tlp"];
  readonly pap: RequestSummary["pap"];
  readonly visibility: RequestSummary["visibility"];
  readonly deadline_at: Date;
  readonly created_at: Date;
  readonly completed_at: Date | null;
  readonly user_id: string;
  readonly caller_class: RequestSummary["callerClass"];
  readonly batch_id: string | null;
  readonly parent_id: string | null;
  readonly follow_up: RequestSummary["followUp"];
  readonly trace_id: string;
  readonly ignore_lists: RequestSummary["ignoreLists"];
  readonly summary: Omit<Verdict, keyof Premises> & Partial<Premises>;
  readonly answers_pruned: number;
  readonly answers_pruned_at: Date | null;
  readonly plan: PlanRow[];
}

/** The columns of `RequestRow` but for the plan. */
export const summaryColumns =
  "id, data, kind, status, tlp, pap, visibility, deadline_at, created_at, completed_at, user_id, caller_class, batch_id, parent_id, follow_up, trace_id, ignore_lists, summary, answers_pruned, answers_pruned_at";

/** The summary of a row. */
export function summaryOfRow(row: Omit<RequestRow, "plan">): RequestSummary {
  return {
    id: row.id,
    data: row.data,
    kind: row.kind,
    status: row.status,
    tlp: row.tlp,
    pap: row.pap,
    visibility: row.visibility,
    createdAt: row.created_at.toISOString(),
    completedAt: row.completed_at?.toISOString() ?? null,
    userId: row.user_id,
    callerClass: row.caller_class,
    batchId: row.batch_id,
    parentId: row.parent_id,
    followUp: row.follow_up,
    traceId: row.trace_id,
    ignoreLists: row.ignore_lists,
    verdict: { ...premisesBefore(row.kind), ...row.summary },
    prunedAnswers: row.answers_pruned_at && { count: row.answers_pruned, at: row.answers_pruned_at.toISOString() },
  };
}

/** Those of lookups that were stored before there were decisions and before windows could be set: the defaults of that time. */
function premisesBefore(kind: RequestSummary["kind"]): Premises {
  const windows = { addressFreshDays: 30, urlFreshDays: 14, domainFreshDays: 90, otherFreshDays: 0 };
  return { decision: null, freshDays: freshDaysOf(kind, windows) };
}

/** A lookup with its answers in order of arrival, as of one moment; null where there is none. */
export async function readLookup(pool: pg.Pool, id: string): Promise<(LookupRecord & { row: RequestRow }) | null> {
  const { rows } = await pool.query<RequestRow & { answers: Answer[] | null }>({
    name: "lookups.read",
    text: `SELECT ${summaryColumns}, plan, (SELECT json_agg(s.answer ORDER BY s.sequence) FROM source_requests s WHERE s.request_id = r.id) AS answers
           FROM requests r WHERE r.id = $1`,
    values: [id],
  });
  const row = rows[0];
  return row ? { row, request: summaryOfRow(row), plan: row.plan, answers: row.answers ?? [] } : null;
}

/** Keeps this node's lookups its own for another while. */
export async function renewLeases(pool: pg.Pool, node: string): Promise<void> {
  await pool.query(
    "UPDATE requests SET lease_until = now() + make_interval(secs => $2) WHERE node = $1 AND status = 'running'",
    [node, leaseSeconds],
  );
}

/**
 * Takes over lookups that nobody runs any more: those whose lease has run out, and, at start, those that a former life of this
 * node left behind. Two nodes never get the same one.
 */
export async function claimOrphans(
  pool: pg.Pool,
  node: string,
  options: { readonly ownToo: boolean; readonly most: number },
): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `UPDATE requests SET node = $1, lease_until = now() + make_interval(secs => $2)
     WHERE id IN (SELECT id FROM requests WHERE status = 'running' AND (lease_until < now() OR ($3 AND node = $1))
                  ORDER BY created_at LIMIT $4 FOR UPDATE SKIP LOCKED)
     RETURNING id`,
    [node, leaseSeconds, options.ownToo, options.most],
  );
  return rows.map((row) => row.id);
}
