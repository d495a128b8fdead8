import type { Answer, RequestSummary } from "@assay/contract";
import type pg from "pg";
import { type RequestRow, summaryColumns, summaryOfRow } from "../lookups/lookup-queries.ts";

/** Lookups by their ids. */
export async function readSummaries(pool: pg.Pool, ids: readonly string[]): Promise<Map<string, RequestSummary>> {
  const { rows } = await pool.query<Omit<RequestRow, "plan">>({
    name: "exports.summaries",
    text: `SELECT ${summaryColumns} FROM requests WHERE id = ANY($1)`,
    values: [ids],
  });
  return new Map(rows.map((row) => [row.id, summaryOfRow(row)]));
}

/** The answers of lookups in order of arrival, by the lookup's id. */
export async function readAnswers(pool: pg.Pool, ids: readonly string[]): Promise<Map<string, Answer[]>> {
  const { rows } = await pool.query<{ request_id: string; answers: Answer[] }>({
    name: "exports.answers",
    text: `SELECT request_id, json_agg(answer ORDER BY sequence) AS answers FROM source_requests
           WHERE request_id = ANY($1) GROUP BY request_id`,
    values: [ids],
  });
  return new Map(rows.map((row) => [row.request_id, row.answers]));
}
