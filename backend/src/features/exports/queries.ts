import type { Answer } from "@assay/contract";
import type pg from "pg";

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
