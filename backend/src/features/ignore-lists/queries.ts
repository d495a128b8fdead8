import type { EntryType, IgnoreListEntry } from "@assay/contract";
import type pg from "pg";
import type { Database, Transaction } from "../../db/database.ts";
import type { IgnoreList as ListRow, Prisma } from "../../db/generated/client.ts";

const withTies = {
  sources: { select: { sourceId: true }, orderBy: { sourceId: "asc" } },
  providers: { select: { providerId: true }, orderBy: { providerId: "asc" } },
} as const satisfies Prisma.IgnoreListInclude;

export type IgnoreListFields = ListRow;
export type IgnoreListRow = Prisma.IgnoreListGetPayload<{ include: typeof withTies }>;
export type IgnoreListKey = { readonly id: string } | { readonly slug: string };

export interface IgnoreListFilter {
  readonly q?: string | undefined;
  readonly global?: boolean;
  readonly sourceId?: string;
  readonly providerId?: string;
}

/** Lists by name, after the position. */
export function listIgnoreLists(
  db: Database,
  { q, global, sourceId, providerId }: IgnoreListFilter,
  after: { name: string; id: string } | null,
  limit: number,
): Promise<IgnoreListRow[]> {
  return db.prisma.ignoreList.findMany({
    where: {
      ...(q !== undefined && { name: { contains: q.replaceAll(/[\\%_]/g, String.raw`\$&`), mode: "insensitive" } }),
      ...(global !== undefined && { global }),
      ...(sourceId !== undefined && { sources: { some: { sourceId } } }),
      ...(providerId !== undefined && { providers: { some: { providerId } } }),
      ...(after && { OR: [{ name: { gt: after.name } }, { name: after.name, id: { gt: after.id } }] }),
    },
    include: withTies,
    orderBy: [{ name: "asc" }, { id: "asc" }],
    take: limit,
  });
}

export function findIgnoreList(tx: Transaction, where: IgnoreListKey): Promise<IgnoreListRow | null> {
  return tx.ignoreList.findUnique({ where, include: withTies });
}

export async function ignoreListSlugs(db: Database, prefix: string): Promise<string[]> {
  const rows = await db.prisma.ignoreList.findMany({ where: { slug: { startsWith: prefix } }, select: { slug: true } });
  return rows.map(({ slug }) => slug);
}

/** Lists that the catalogue has installed, or that have a slug of its. */
export function catalogueLists(tx: Transaction, slugs: readonly string[]): Promise<ListRow[]> {
  return tx.ignoreList.findMany({ where: { OR: [{ catalogue: true }, { slug: { in: [...slugs] } }] } });
}

/** Lists that are on and whose file is to be fetched, the longest overdue first. */
export async function dueLists(pool: pg.Pool, now: Date): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    "SELECT id FROM ignore_lists WHERE enabled AND NOT catalogue AND feed_url IS NOT NULL AND feed_due_at <= $1 ORDER BY feed_due_at",
    [now],
  );
  return rows.map(({ id }) => id);
}

export function insertIgnoreList(tx: Transaction, data: IgnoreListFields): Promise<IgnoreListRow> {
  return tx.ignoreList.create({ data, include: withTies });
}

export function updateIgnoreList(tx: Transaction, id: string, data: Partial<IgnoreListFields>): Promise<IgnoreListRow> {
  return tx.ignoreList.update({ where: { id }, data, include: withTies });
}

export async function deleteIgnoreList(tx: Transaction, id: string): Promise<void> {
  await tx.ignoreList.delete({ where: { id } });
}

/** Keeps others from changing the list until the transaction ends. */
export async function lockIgnoreList(tx: Transaction, id: string): Promise<void> {
  await tx.$executeRaw`SELECT FROM ignore_lists WHERE id = ${id} FOR UPDATE`;
}

export async function setSources(tx: Transaction, listId: string, ids: readonly string[]): Promise<void> {
  await tx.ignoreListSource.deleteMany({ where: { listId } });
  await tx.ignoreListSource.createMany({ data: ids.map((sourceId) => ({ listId, sourceId })) });
}

export async function setProviders(tx: Transaction, listId: string, ids: readonly string[]): Promise<void> {
  await tx.ignoreListProvider.deleteMany({ where: { listId } });
  await tx.ignoreListProvider.createMany({ data: ids.map((providerId) => ({ listId, providerId })) });
}

/** Those of the ids that are sources, with their names. */
export function namedSources(db: Database, ids: readonly string[]) {
  const select = { id: true, slug: true, name: true };
  return db.prisma.source.findMany({ where: { id: { in: [...ids] } }, select, orderBy: { name: "asc" } });
}

/** Those of the ids that are providers, with their names. */
export function namedProviders(db: Database, ids: readonly string[]) {
  const select = { id: true, slug: true, name: true };
  return db.prisma.provider.findMany({ where: { id: { in: [...ids] } }, select, orderBy: { name: "asc" } });
}

export interface EntryFilter {
  readonly q?: string | undefined;
  readonly type?: EntryType | undefined;
}

/** Entries in the order in which they were added, after the position. */
export function listEntries(
  db: Database,
  listId: string,
  { q, type }: EntryFilter,
  after: bigint | null,
  limit: number,
): Promise<(IgnoreListEntry & { id: bigint })[]> {
  return db.prisma.ignoreListEntry.findMany({
    where: {
      listId,
      ...(after !== null && { id: { gt: after } }),
      ...(type !== undefined && { type }),
      ...(q !== undefined && { value: { contains: q.replaceAll(/[\\%_]/g, String.raw`\$&`), mode: "insensitive" } }),
    },
    select: { id: true, type: true, value: true, exception: true },
    orderBy: { id: "asc" },
    take: limit,
  }) as Promise<(IgnoreListEntry & { id: bigint })[]>;
}

const rowsPerWrite = 5_000;

/** Adds entries, of which none may come twice; returns how many are new or changed. */
export async function insertEntries(
  tx: Transaction,
  listId: string,
  entries: readonly IgnoreListEntry[],
): Promise<number> {
  let written = 0;
  for (let from = 0; from < entries.length; from += rowsPerWrite) {
    const rows = entries.slice(from, from + rowsPerWrite);
    const [types, values] = [rows.map(({ type }) => type), rows.map(({ value }) => value)];
    const exceptions = rows.map(({ exception }) => exception);
    written += await tx.$executeRaw`
      INSERT INTO ignore_list_entries (list_id, type, value, exception)
      SELECT ${listId}, type, value, exception
      FROM unnest(${types}::text[], ${values}::text[], ${exceptions}::boolean[]) AS entry(type, value, exception)
      ON CONFLICT (list_id, type, value) DO UPDATE SET exception = excluded.exception
        WHERE ignore_list_entries.exception <> excluded.exception`;
  }
  return written;
}

export async function deleteEntries(
  tx: Transaction,
  listId: string,
  entries: readonly Pick<IgnoreListEntry, "type" | "value">[],
): Promise<number> {
  const [types, values] = [entries.map(({ type }) => type), entries.map(({ value }) => value)];
  return tx.$executeRaw`
    DELETE FROM ignore_list_entries e USING unnest(${types}::text[], ${values}::text[]) AS gone(type, value)
    WHERE e.list_id = ${listId} AND e.type = gone.type AND e.value = gone.value`;
}

export async function deleteAllEntries(tx: Transaction, listId: string): Promise<number> {
  return tx.$executeRaw`DELETE FROM ignore_list_entries WHERE list_id = ${listId}`;
}

export function countEntries(tx: Transaction, listId: string): Promise<number> {
  return tx.ignoreListEntry.count({ where: { listId } });
}

/** What matching needs to know of a list that is switched on. */
export interface ListHead {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly kind: "known_good" | "context";
  readonly indicator_kinds: readonly string[];
  readonly global: boolean;
  readonly revision: number;
  readonly source_ids: readonly string[];
  readonly provider_ids: readonly string[];
}

/** The lists that are switched on, by name. */
export async function readHeads(pool: pg.Pool): Promise<ListHead[]> {
  const { rows } = await pool.query<ListHead>(
    `SELECT id, slug, name, kind, indicator_kinds, global, revision,
            ARRAY(SELECT source_id FROM ignore_list_sources s WHERE s.list_id = l.id ORDER BY 1) AS source_ids,
            ARRAY(SELECT provider_id FROM ignore_list_providers p WHERE p.list_id = l.id ORDER BY 1) AS provider_ids
     FROM ignore_lists l WHERE enabled ORDER BY name, id`,
  );
  return rows;
}

const rowsPerRead = 5_000;

/** All entries of a list, in pages so that no answer of the database blocks for long. */
export async function* readAllEntries(pool: pg.Pool, listId: string): AsyncGenerator<IgnoreListEntry[]> {
  for (let after = "0"; ;) {
    const { rows } = await pool.query<IgnoreListEntry & { id: string }>({
      name: "ignoreLists.entries",
      text: "SELECT id, type, value, exception FROM ignore_list_entries WHERE list_id = $1 AND id > $2 ORDER BY id LIMIT $3",
      values: [listId, after, rowsPerRead],
    });
    yield rows.map(({ type, value, exception }) => ({ type, value, exception }));
    const last = rows.at(-1);
    if (last === undefined || rows.length < rowsPerRead) return;
    after = last.id;
  }
}
