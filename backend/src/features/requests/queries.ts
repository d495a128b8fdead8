import type { RequestFilter, RequestSummary, Tlp } from "@assay/contract";
import type pg from "pg";
import { type RequestRow, summaryColumns, summaryOfRow } from "../lookups/lookup-queries.ts";

export interface RequestListFilter extends RequestFilter {
  /** Leaves this lookup out. */
  readonly not?: string | undefined;
}

/** The last row of the page before. */
export interface Position {
  readonly createdAt: string;
  readonly id: string;
}

/** Lookups that pass the filter, newest first, after the position. */
export async function listRequests(
  pool: pg.Pool,
  filter: RequestListFilter,
  after: Position | null,
  limit: number,
): Promise<RequestSummary[]> {
  const { where, values, bind } = conditions(filter);
  if (after) where.push(`(created_at, id) < (${bind(after.createdAt)}::timestamptz, ${bind(after.id)})`);
  const { rows } = await pool.query<Omit<RequestRow, "plan">>(
    `SELECT ${summaryColumns} FROM requests WHERE ${where.join(" AND ")} ORDER BY created_at DESC, id DESC LIMIT ${bind(limit)}`,
    values,
  );
  return rows.map(summaryOfRow);
}

/** The markings of the lookups that pass the filter, each once. */
export async function listMarkings(pool: pg.Pool, filter: RequestFilter): Promise<Tlp[]> {
  const { where, values } = conditions(filter);
  const { rows } = await pool.query<{ tlp: Tlp }>(
    `SELECT DISTINCT tlp FROM requests WHERE ${where.join(" AND ")}`,
    values,
  );
  return rows.map(({ tlp }) => tlp);
}

interface Conditions {
  readonly where: string[];
  readonly values: unknown[];
  readonly bind: (value: unknown) => string;
}

function conditions(filter: RequestListFilter): Conditions {
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const where = ["true"];
  // An indicator may be longer than a key of an index can be; its digest is in the index.
  if (filter.data !== undefined) where.push(`md5(data) = md5(${bind(filter.data)}) AND data = $${values.length}`);
  if (filter.kind !== undefined) where.push(`kind = ${bind(filter.kind)}`);
  if (filter.status !== undefined) where.push(`status = ${bind(filter.status)}`);
  if (filter.verdict !== undefined) where.push(`verdict = ${bind(filter.verdict)}`);
  if (filter.not !== undefined) where.push(`id <> ${bind(filter.not)}`);
  return { where, values, bind };
}
