import type pg from "pg";
import { type LiveLookup, recordOf } from "./live-lookup.ts";
import type { Sharing } from "./shared-answers.ts";

/** How long a lookup stays with a node that no longer renews it. */
export const leaseSeconds = 15;

const writeSql = `
WITH written AS (
  INSERT INTO requests (id, data, kind, status, tlp, pap, visibility, deadline_at, created_at, completed_at, user_id, caller_class, batch_id, parent_id, follow_up, followed, trace_id, ignore_lists, verdict, summary, plan, node, lease_until)
  SELECT r.id, r.data, r.kind, r.status, r.tlp, r.pap, r.visibility, r.deadline_at, r.created_at, r.completed_at, r.user_id, r.caller_class, r.batch_id, r.parent_id,
         r.follow_up, CASE WHEN (r.follow_up->>'depth')::int > 0 THEN false END, r.trace_id,
         r.ignore_lists, r.summary->>'verdict', r.summary, r.plan, $1, now() + make_interval(secs => $2)
  FROM jsonb_to_recordset($3::jsonb) AS r(id text, data text, kind text, status text, tlp text, pap text, visibility text, deadline_at timestamptz,
       created_at timestamptz, completed_at timestamptz, user_id text, caller_class text, batch_id text, parent_id text, follow_up jsonb, trace_id text, ignore_lists jsonb, summary jsonb, plan jsonb)
  -- In one order, as whatever else changes several that run, so that no two wait for each other.
  ORDER BY r.id
  ON CONFLICT (id) DO UPDATE
    SET status = excluded.status, completed_at = excluded.completed_at, verdict = excluded.verdict, summary = excluded.summary,
        -- It was written as one that shares answers, unheard, and cannot be so any more.
        answers_of = NULL, plan = CASE WHEN requests.answers_of IS NULL THEN requests.plan ELSE excluded.plan END
    WHERE requests.node = excluded.node
  RETURNING id
)
INSERT INTO source_requests (id, request_id, source_id, sequence, outcome, verdict, answer, created_at)
SELECT a.answer->>'id', a.request_id, (SELECT s.id FROM sources s WHERE s.id = a.answer->'source'->>'id'), a.sequence,
       a.answer->>'outcome', a.answer->>'verdict', a.answer, (a.answer->'timing'->>'endedAt')::timestamptz
FROM (SELECT unnest($4::text[]) AS request_id, unnest($5::int[]) AS sequence, unnest($6::text[])::jsonb AS answer) AS a
JOIN written ON written.id = a.request_id
ON CONFLICT (request_id, sequence) DO NOTHING`;

/** What a lookup has in common with the one whose answers it shares is not sent again. */
const shareSql = `
INSERT INTO requests (id, answers_of, data, kind, status, tlp, pap, visibility, deadline_at, created_at, completed_at, user_id, caller_class, batch_id, trace_id, ignore_lists, verdict, summary, plan, node)
SELECT r.id, r.answers_of, o.data, o.kind, o.status, r.tlp, r.pap, r.visibility, r.deadline_at, r.created_at, r.completed_at, r.user_id, r.caller_class, r.batch_id, r.trace_id,
       o.ignore_lists, coalesce(r.summary->>'verdict', o.verdict), coalesce(r.summary, o.summary), '[]', $1
FROM json_to_recordset($2::json) AS r(id text, answers_of text, tlp text, pap text, visibility text, deadline_at timestamptz, created_at timestamptz,
       completed_at timestamptz, user_id text, caller_class text, batch_id text, trace_id text, summary jsonb)
LEFT JOIN requests o ON o.id = r.answers_of
ON CONFLICT (id) DO NOTHING`;

/** Writes lookups that share the answers of others in one statement. Rejects where one of those is not there. */
export async function writeSharers(
  pool: pg.Pool,
  node: string,
  sharers: ReadonlyMap<LiveLookup, Sharing>,
): Promise<void> {
  const rows = [...sharers].map(([lookup, { answersOf, verdict }]) => {
    const { id, tlp, pap, visibility, createdAt, userId, callerClass, batchId, traceId } = lookup.request;
    return {
      ...{ id, answers_of: answersOf, tlp, pap, visibility, user_id: userId, caller_class: callerClass },
      ...{ batch_id: batchId, trace_id: traceId, created_at: createdAt },
      completed_at: new Date(lookup.completedAtMs ?? 0).toISOString(),
      deadline_at: new Date(lookup.deadlineAtMs).toISOString(),
      summary: verdict,
    };
  });
  await pool.query({ name: "lookups.share", text: shareSql, values: [node, JSON.stringify(rows)] });
}

/** Writes the lookups, and the answers that the database lacks, in one statement. A lookup that another node took over is left alone. */
export async function writeLookups(
  pool: pg.Pool | pg.PoolClient,
  node: string,
  lookups: readonly LiveLookup[],
): Promise<void> {
  const rows = lookups.map((lookup) => requestRow(lookup));
  const answers = lookups.flatMap((lookup) =>
    lookup.answers
      .map((written, index) => ({ id: lookup.request.id, sequence: index, json: written.json }))
      .slice(lookup.stored?.answers ?? 0),
  );
  await pool.query({
    name: "lookups.write",
    text: writeSql,
    values: [
      node,
      leaseSeconds,
      JSON.stringify(rows),
      answers.map((answer) => answer.id),
      answers.map((answer) => answer.sequence),
      answers.map((answer) => answer.json),
    ],
  });
}

function requestRow(lookup: LiveLookup): Record<string, unknown> {
  const { request, plan } = recordOf(lookup, "now");
  return {
    id: request.id,
    data: request.data,
    kind: request.kind,
    status: request.status,
    tlp: request.tlp,
    pap: request.pap,
    // Only at first: later `storeVisibility` changes it.
    visibility: request.visibility,
    deadline_at: new Date(lookup.deadlineAtMs).toISOString(),
    created_at: request.createdAt,
    completed_at: request.completedAt,
    user_id: request.userId,
    caller_class: request.callerClass,
    batch_id: request.batchId,
    parent_id: request.parentId,
    follow_up: request.followUp,
    trace_id: request.traceId,
    ignore_lists: request.ignoreLists,
    summary: request.verdict,
    // Written once: it does not change afterwards.
    plan: lookup.stored === null ? plan : [],
  };
}
