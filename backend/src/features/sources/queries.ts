import type { Answer, IndicatorKind } from "@assay/contract";
import type { Actor } from "../../context.ts";
import type { Database, Transaction } from "../../db/database.ts";
import type { Prisma, Provider, Source, SourceVersion } from "../../db/generated/client.ts";
import { type Guarded, readableWhere } from "../../may-read.ts";
import { sharedAnswer } from "../lookups/shared-answers.ts";

type Json = Prisma.InputJsonValue;
export type SourceRow = Source & { readonly provider: Provider };
export type SourceSummaryRow = Omit<SourceRow, "code">;
/** A source as it is written. */
export type SourceFields = Omit<
  Source,
  "config" | "configValues" | "secretSlots" | "cacheLifetimes" | "quota" | "catalogueManifest"
> & {
  readonly config: Json;
  readonly configValues: Json;
  readonly secretSlots: Json;
  readonly cacheLifetimes: Json;
  readonly quota: Json;
  readonly catalogueManifest?: Json;
};
export type SourceVersionFields = Omit<SourceVersion, "manifest"> & { readonly manifest: Json };

export interface SourceFilter {
  readonly kind?: IndicatorKind | undefined;
  readonly language?: string | undefined;
  readonly enabled?: boolean | undefined;
  readonly providerId?: string | undefined;
  readonly createdUserId?: string | undefined;
}

/** Sources that pass the filter, by name, after the position. */
export function listSources(
  db: Database,
  { kind, language, enabled, providerId, createdUserId }: SourceFilter,
  after: { name: string; id: string } | null,
  limit: number,
): Promise<SourceSummaryRow[]> {
  return db.prisma.source.findMany({
    where: {
      ...(kind !== undefined && { supportedIndicators: { has: kind } }),
      ...(language !== undefined && { language }),
      ...(enabled !== undefined && { enabled }),
      ...(providerId !== undefined && { providerId }),
      ...(createdUserId !== undefined && { createdUserId }),
      ...(after && { OR: [{ name: { gt: after.name } }, { name: after.name, id: { gt: after.id } }] }),
    },
    omit: { code: true },
    include: { provider: true },
    orderBy: [{ name: "asc" }, { id: "asc" }],
    take: limit,
  });
}

export function findSource(db: Database, key: { id: string } | { slug: string }): Promise<SourceRow | null> {
  return db.prisma.source.findUnique({ where: key, include: { provider: true } });
}

/** The source, held until the transaction ends, so that its versions are counted one after the other. */
export async function lockSource(tx: Transaction, id: string): Promise<SourceRow | null> {
  await tx.$executeRaw`SELECT id FROM sources WHERE id = ${id} FOR UPDATE`;
  return tx.source.findUnique({ where: { id }, include: { provider: true } });
}

export async function sourceSlugs(db: Database, prefix: string): Promise<string[]> {
  const rows = await db.prisma.source.findMany({ where: { slug: { startsWith: prefix } }, select: { slug: true } });
  return rows.map(({ slug }) => slug);
}

export function insertSource(tx: Transaction, source: SourceFields): Promise<SourceRow> {
  return tx.source.create({ data: source, include: { provider: true } });
}

export function updateSource(tx: Transaction, id: string, change: Partial<SourceFields>): Promise<SourceRow> {
  return tx.source.update({ where: { id }, data: change, include: { provider: true } });
}

/** False: it was gone already. */
export async function deleteSource(tx: Transaction, id: string): Promise<boolean> {
  const { count } = await tx.source.deleteMany({ where: { id } });
  return count > 0;
}

export async function insertVersion(tx: Transaction, version: SourceVersionFields): Promise<void> {
  await tx.sourceVersion.create({ data: version });
}

/** A source's versions below a number, newest first. */
export function listVersions(
  db: Database,
  sourceId: string,
  below: number | null,
  limit: number,
): Promise<Omit<SourceVersion, "code" | "manifest">[]> {
  return db.prisma.sourceVersion.findMany({
    where: { sourceId, ...(below !== null && { number: { lt: below } }) },
    omit: { code: true, manifest: true },
    orderBy: { number: "desc" },
    take: limit,
  });
}

/** A version of this source, and of no other. */
export function findVersion(db: Database, sourceId: string, id: string): Promise<SourceVersion | null> {
  return db.prisma.sourceVersion.findUnique({ where: { id, sourceId } });
}

/** Every source, for the catalogue. */
export function allSources(tx: Transaction): Promise<SourceRow[]> {
  return tx.source.findMany({ include: { provider: true } });
}

export interface AnswerRow extends Guarded {
  readonly id: string;
  readonly createdAt: Date;
  readonly answer: Answer;
  readonly requestId: string;
  readonly data: string;
  readonly kind: IndicatorKind;
}

interface ListedAnswer extends AnswerRow {
  readonly sequence: number;
  readonly isShared: boolean;
  readonly traceId: string;
  readonly begunAt: Date;
  readonly endedAt: Date;
}

/**
 * A source's answers in lookups that the actor may read, newest first, after the position. One that several lookups share stands once, with
 * the lookup that holds it, or where that may not be read with the newest of the others.
 */
export async function listAnswers(
  db: Database,
  actor: Actor,
  sourceId: string,
  after: { createdAt: Date; id: string } | null,
  limit: number,
): Promise<AnswerRow[]> {
  const values: unknown[] = [sourceId, after?.createdAt ?? null, after?.id ?? null, limit];
  const readable = readableWhere(actor, (value) => `$${values.push(value)}`, "r").join(" OR ");
  const { rows } = await db.pool.query<ListedAnswer>(
    `SELECT a.id, a.created_at AS "createdAt", a.answer, a.sequence, r.id AS "requestId", r.data, r.kind, r.tlp, r.visibility, r.user_id AS "userId",
       r.answers_of IS NOT NULL AS "isShared", r.trace_id AS "traceId", r.created_at AS "begunAt", r.completed_at AS "endedAt"
     FROM source_requests a CROSS JOIN LATERAL (
       SELECT * FROM (SELECT * FROM requests WHERE id = a.request_id UNION ALL SELECT * FROM requests WHERE answers_of = a.request_id) AS r
       WHERE (${readable}) ORDER BY r.answers_of IS NULL DESC, r.created_at DESC LIMIT 1
     ) AS r
     WHERE a.source_id = $1 AND ($2::timestamptz IS NULL OR (a.created_at, a.id) < ($2, $3))
     ORDER BY a.created_at DESC, a.id DESC LIMIT $4`,
    values,
  );
  return rows.map(({ sequence, isShared, traceId, begunAt, endedAt, ...row }) => {
    if (!isShared) return row;
    const sharer = { id: row.requestId, traceId, createdAtMs: begunAt.getTime(), completedAtMs: endedAt.getTime() };
    return { ...row, answer: sharedAnswer(row.answer, sequence, sharer) };
  });
}
