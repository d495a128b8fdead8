import {
  type KnownIndicator,
  knownCountMax,
  type RequestFilter,
  type RequestHistory,
  type RequestSummary,
  type Tlp,
  type VerdictWord,
} from "@assay/contract";
import type pg from "pg";
import type { Actor } from "../../context.ts";
import { readableWhere } from "../../may-read.ts";
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

/**
 * Lookups that the actor may read and that pass the filter, newest first, after the position. Each part of what may be read is looked
 * up by itself, so that a page costs the same however many lookups of others lie between its rows.
 */
export async function listRequests(
  pool: pg.Pool,
  actor: Actor,
  filter: RequestListFilter,
  after: Position | null,
  limit: number,
): Promise<RequestSummary[]> {
  const { values, bind } = placeholders();
  const isAfter = after ? `(created_at, id) < (${bind(after.createdAt)}::timestamptz, ${bind(after.id)})` : "true";
  const where = requestConditions(filter, bind).map((each) => `${each} AND ${isAfter}`);
  const newest = `ORDER BY created_at DESC, id DESC LIMIT ${bind(limit)}`;
  const { rows } = await pool.query<Omit<RequestRow, "plan">>(
    `SELECT * FROM ${readable(actor, bind, summaryColumns, where, newest)} ${newest}`,
    values,
  );
  return rows.map(summaryOfRow);
}

/** The markings of the lookups that the actor may read and that pass the filter, each once. */
export async function listMarkings(pool: pg.Pool, actor: Actor, filter: RequestFilter): Promise<Tlp[]> {
  const { values, bind } = placeholders();
  const where = requestConditions(filter, bind);
  const { rows } = await pool.query<{ tlp: Tlp }>(
    `SELECT DISTINCT tlp FROM ${readable(actor, bind, "DISTINCT tlp", where)}`,
    values,
  );
  return rows.map(({ tlp }) => tlp);
}

/** How many lookups that the actor may read pass the filter, `most` at the most, and the newest of them with its user's name. */
export async function countRequests(
  pool: pg.Pool,
  actor: Actor,
  filter: RequestListFilter,
  most: number,
): Promise<RequestHistory["seen"]> {
  const { values, bind } = placeholders();
  const where = requestConditions(filter, bind);
  const newest = `ORDER BY created_at DESC, id DESC LIMIT ${bind(most)}`;
  const found = readable(actor, bind, "id, created_at, user_id", where, newest);
  const { rows } = await pool.query<SeenRow>(
    `WITH found AS MATERIALIZED (SELECT * FROM ${found} ${newest})
     SELECT (SELECT count(*)::int FROM found) AS count, found.*, users.name FROM found LEFT JOIN users ON users.id = found.user_id
     ORDER BY created_at DESC, found.id DESC LIMIT 1`,
    values,
  );
  const row = rows[0];
  if (row === undefined) return { count: 0, last: null };
  const user = { id: row.user_id, name: row.name };
  return { count: row.count, last: { id: row.id, createdAt: row.created_at.toISOString(), user } };
}

interface SeenRow {
  readonly count: number;
  readonly id: string;
  readonly created_at: Date;
  readonly user_id: string;
  readonly name: string | null;
}

interface KnownRow {
  readonly kind: KnownIndicator["kind"];
  readonly data: string;
  readonly count: number;
  readonly id: string | null;
  readonly created_at: Date | null;
  readonly verdict: VerdictWord;
  readonly user_id: string;
  readonly visibility: RequestSummary["visibility"];
  readonly tlp: Tlp;
}

/** For each indicator how many lookups of it the actor may read, `knownCountMax` at the most, and the newest with what guards it. */
export async function listKnown(
  pool: pg.Pool,
  actor: Actor,
  indicators: readonly Pick<KnownIndicator, "kind" | "data">[],
): Promise<KnownRow[]> {
  const { values, bind } = placeholders();
  const kinds = bind(indicators.map(({ kind }) => kind));
  const data = bind(indicators.map((each) => each.data));
  const newest = `ORDER BY created_at DESC, id DESC LIMIT ${bind(knownCountMax)}`;
  const same = ["md5(data) = md5(wanted.data) AND data = wanted.data AND kind = wanted.kind"];
  const found = readable(actor, bind, "id, created_at, verdict, user_id, visibility, tlp", same, newest);
  const { rows } = await pool.query<KnownRow>(
    `SELECT wanted.kind, wanted.data, coalesce(known.count, 0)::int AS count, id, created_at, verdict, user_id, visibility, tlp
     FROM unnest(${kinds}::text[], ${data}::text[]) WITH ORDINALITY AS wanted(kind, data, place)
     LEFT JOIN LATERAL (
       SELECT count(*) OVER () AS count, newest.* FROM (SELECT * FROM ${found} ${newest}) AS newest
       ORDER BY created_at DESC, id DESC LIMIT 1
     ) AS known ON true
     ORDER BY wanted.place`,
    values,
  );
  return rows;
}

type Bind = (value: unknown) => string;

function placeholders(): { readonly values: unknown[]; readonly bind: Bind } {
  const values: unknown[] = [];
  return { values, bind: (value) => `$${values.push(value)}` };
}

/**
 * Rows of what the actor may read, to select from, where one of the alternatives holds, which exclude each other; `end` of each part
 * is its order and limit.
 */
function readable(actor: Actor, bind: Bind, columns: string, alternatives: readonly string[], end = ""): string {
  const parts = readableWhere(actor, bind).flatMap((part) =>
    alternatives.map((where) => `(SELECT ${columns} FROM requests WHERE ${part} AND ${where} ${end})`),
  );
  return `(${parts.join(" UNION ALL ")}) AS readable`;
}

/**
 * What the filter asks of a row of requests, as SQL that only binds values: alternatives that exclude each other. A lookup that has
 * answers of its own and one that shares another's are found by an index each.
 */
export function requestConditions(filter: RequestListFilter, bind: Bind): string[] {
  const where = ownConditions(filter, bind).join(" AND ") || "true";
  if (filter.sourceId === undefined && filter.outcome === undefined) return [where];
  const ofSource = filter.sourceId === undefined ? "" : ` AND s.source_id = ${bind(filter.sourceId)}`;
  const outcomes = bind(filter.outcome === undefined ? ["ok", "not_found"] : [filter.outcome]);
  return ["id", "answers_of"].map(
    (holder) =>
      `${where} AND EXISTS (SELECT FROM source_requests s WHERE s.request_id = requests.${holder} AND s.outcome = ANY(${outcomes})${ofSource})`,
  );
}

/** What the filter asks of a lookup beside its answers. */
function ownConditions(filter: RequestListFilter, bind: Bind): string[] {
  const where: string[] = [];
  if (filter.data !== undefined) {
    // An indicator may be longer than a key of an index can be; its digest is in the index.
    const data = bind(filter.data);
    where.push(`md5(data) = md5(${data}) AND data = ${data}`);
  }
  if (filter.kind !== undefined) where.push(`kind = ${bind(filter.kind)}`);
  if (filter.status !== undefined) where.push(`status = ${bind(filter.status)}`);
  if (filter.verdict !== undefined) where.push(`verdict = ${bind(filter.verdict)}`);
  if (filter.not !== undefined) where.push(`id <> ${bind(filter.not)}`);
  if (filter.userId !== undefined) where.push(`user_id = ${bind(filter.userId)}`);
  if (filter.from !== undefined) where.push(`created_at >= ${bind(filter.from)}::timestamptz`);
  if (filter.to !== undefined) where.push(`created_at < ${bind(filter.to)}::timestamptz`);
  if (filter.prefix !== undefined) {
    // Most kinds are stored in lower case, but not all that begin in a capital are of those.
    const forms = [...new Set([filter.prefix, filter.prefix.toLowerCase()])];
    where.push(`(${forms.map((form) => `left(data, 200) LIKE ${bind(`${likeLiteral(form)}%`)}`).join(" OR ")})`);
  }
  if (filter.domain !== undefined) {
    const reversed = [...`.${filter.domain}`].toReversed().join("");
    where.push(`kind IN ('DOMAIN', 'ONION', 'EMAIL', 'URL')`);
    where.push(`reverse(request_host(kind, data)) LIKE ${bind(`${likeLiteral(reversed)}%`)}`);
  }
  if (filter.network !== undefined) {
    where.push(`kind IN ('IPV4', 'IPV6', 'CIDR', 'IP_PORT')`);
    where.push(`request_address(kind, data) <<= ${bind(filter.network)}::inet`);
  }
  return where;
}

/** For LIKE: the text itself, whatever marks are in it. */
function likeLiteral(text: string): string {
  return text.replaceAll(/[\\%_]/g, "\\$&");
}
