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
import { sharedAnswer } from "./shared-answers.ts";

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

/** The columns from which `answersOfRow` makes the answers of a lookup; `requests` is r. */
export const answersColumns = `r.answers_of, held.answers, held.places`;
/** The rows that hold them: its own, or those of the lookup that it shares them with. */
export const answersFrom = `LATERAL (
  SELECT json_agg(s.answer ORDER BY s.sequence) AS answers, json_agg(s.sequence ORDER BY s.sequence) AS places
  FROM source_requests s WHERE s.request_id = coalesce(r.answers_of, r.id)) AS held`;

export interface AnswersRow extends Pick<RequestRow, "id" | "trace_id" | "created_at" | "completed_at"> {
  readonly answers_of: string | null;
  /** In order of arrival; null: there are none. */
  readonly answers: Answer[] | null;
  /** Of each in the order of arrival, as retention leaves gaps. */
  readonly places: number[] | null;
}

/** The answers of a lookup in order of arrival. */
export function answersOfRow({ answers_of: answersOf, answers, places, ...row }: AnswersRow): Answer[] {
  if (answersOf === null || answers === null) return answers ?? [];
  const sharer = {
    id: row.id,
    traceId: row.trace_id,
    createdAtMs: row.created_at.getTime(),
    completedAtMs: (row.completed_at ?? row.created_at).getTime(),
  };
  return answers.map((answer, index) => sharedAnswer(answer, places?.[index] ?? index, sharer));
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
  const { rows } = await pool.query<RequestRow & AnswersRow>({
    name: "lookups.read",
    text: `SELECT ${summaryColumns}, ${answersColumns},
             coalesce((SELECT o.plan FROM requests o WHERE o.id = r.answers_of), plan) AS plan
           FROM requests r, ${answersFrom} WHERE r.id = $1`,
    values: [id],
  });
  const row = rows[0];
  return row ? { row, request: summaryOfRow(row), plan: row.plan, answers: answersOfRow(row) } : null;
}

/** Keeps this node's lookups its own for another while. */
export async function renewLeases(pool: pg.Pool, node: string): Promise<void> {
  await pool.query(
    `UPDATE requests SET lease_until = now() + make_interval(secs => $2)
     WHERE id IN (SELECT id FROM requests WHERE node = $1 AND status = 'running' ORDER BY id FOR NO KEY UPDATE)`,
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
