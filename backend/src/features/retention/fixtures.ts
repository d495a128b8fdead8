import { randomBytes } from "node:crypto";
import type { Outcome } from "@assay/contract";
import type pg from "pg";
import { testRequest } from "../exports/fixtures.ts";
import { testAnswer } from "../lookups/fixtures.ts";

export interface AgedLookup {
  readonly id: string;
  readonly ageDays: number;
  readonly answers: readonly Outcome[];
  /** Characters of each answer that nothing can compress; 0 unless told. */
  readonly size?: number;
  readonly status?: "completed" | "running";
  readonly visibility?: "everyone" | "private";
  readonly userId?: string;
}

/** A lookup that began, and as a rule ended, so many days ago, as the recorder would have written it. */
export async function insertLookup(
  pool: pg.Pool,
  {
    id,
    ageDays,
    answers,
    size = 0,
    status = "completed",
    visibility = "everyone",
    userId = "aged00000000",
  }: AgedLookup,
): Promise<void> {
  const given = answers.map((outcome, at) =>
    testAnswer(`s${at}`, { id: `${id.slice(0, 11)}${at}`, outcome, data: randomBytes(size / 2).toString("hex") }),
  );
  const plan = given.map(({ source }) => ({ source, problems: [] }));
  await pool.query(
    `INSERT INTO requests (id, data, kind, status, tlp, pap, visibility, deadline_at, created_at, completed_at, user_id, trace_id, verdict, summary, plan, node)
     SELECT $1, 'evil.example', 'DOMAIN', $2, 'GREEN', 'CLEAR', $3, t, t, CASE WHEN $2 = 'running' THEN NULL ELSE t END, $4, '', 'malicious', $5, $6, ''
     FROM (SELECT now() - make_interval(days => $7) AS t) x`,
    [id, status, visibility, userId, JSON.stringify(testRequest().verdict), JSON.stringify(plan), ageDays],
  );
  await pool.query(
    `INSERT INTO source_requests (id, request_id, source_id, sequence, outcome, verdict, answer, created_at)
     SELECT a->>'id', $1, NULL, n - 1, a->>'outcome', a->>'verdict', a, now() - make_interval(days => $3)
     FROM jsonb_array_elements($2::jsonb) WITH ORDINALITY AS given(a, n)`,
    [id, JSON.stringify(given), ageDays],
  );
}
