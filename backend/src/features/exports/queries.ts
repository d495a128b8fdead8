import type { Answer, RequestSummary } from "@assay/contract";
import type pg from "pg";
import {
  answersColumns,
  answersFrom,
  answersOfRow,
  type AnswersRow,
  type RequestRow,
  summaryColumns,
  summaryOfRow,
} from "../lookups/lookup-queries.ts";

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
  const { rows } = await pool.query<AnswersRow>({
    name: "exports.answers",
    text: `SELECT r.id, r.trace_id, r.created_at, r.completed_at, ${answersColumns} FROM requests r, ${answersFrom} WHERE r.id = ANY($1)`,
    values: [ids],
  });
  return new Map(rows.map((row) => [row.id, answersOfRow(row)]));
}
