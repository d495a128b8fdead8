import type { IndicatorKind, RequestStatus, RequestSummary, VerdictWord } from "@assay/contract";
import type pg from "pg";
import type { Actor } from "../../context.ts";
import { readableWhere } from "../../may-read.ts";
import { type RequestRow, summaryColumns, summaryOfRow } from "../lookups/lookup-queries.ts";

export interface RequestFilter {
  readonly data?: string | undefined;
  readonly kind?: IndicatorKind | undefined;
  readonly status?: RequestStatus | undefined;
  readonly verdict?: VerdictWord | undefined;
  /** Who asked. */
  readonly userId?: string | undefined;
  /** Leaves this lookup out. */
  readonly not?: string | undefined;
}

/** The last row of the page before. */
export interface Position {
  readonly createdAt: string;
  readonly id: string;
}

/**
 * Lookups that the actor may read and that pass the filter, newest first, after the position. Each part of what may be read is looked
 * up by itself, so that a page costs the same however many lookups of others lie between its rows.
 */
export async function listRequests(
  pool: pg.Pool,
  actor: Actor,
  filter: RequestFilter,
  after: Position | null,
  limit: number,
): Promise<RequestSummary[]> {
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const where: string[] = [];
  // An indicator may be longer than a key of an index can be; its digest is in the index.
  if (filter.data !== undefined) where.push(`md5(data) = md5(${bind(filter.data)}) AND data = $${values.length}`);
  if (filter.kind !== undefined) where.push(`kind = ${bind(filter.kind)}`);
  if (filter.status !== undefined) where.push(`status = ${bind(filter.status)}`);
  if (filter.verdict !== undefined) where.push(`verdict = ${bind(filter.verdict)}`);
  if (filter.userId !== undefined) where.push(`user_id = ${bind(filter.userId)}`);
  if (filter.not !== undefined) where.push(`id <> ${bind(filter.not)}`);
  if (after) where.push(`(created_at, id) < (${bind(after.createdAt)}::timestamptz, ${bind(after.id)})`);
  const newest = `ORDER BY created_at DESC, id DESC LIMIT ${bind(limit)}`;
  const parts = readableWhere(actor, bind).map(
    (readable) => `(SELECT ${summaryColumns} FROM requests WHERE ${[readable, ...where].join(" AND ")} ${newest})`,
  );
  const { rows } = await pool.query<Omit<RequestRow, "plan">>(
    `SELECT * FROM (${parts.join(" UNION ALL ")}) AS readable ${newest}`,
    values,
  );
  return rows.map(summaryOfRow);
}
