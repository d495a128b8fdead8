import type { EntryChange, EntryInput, IgnoreList, IgnoreListEntry, ImportInput, MispImport } from "@assay/contract";
import { z } from "zod";
import type { Context } from "../../context.ts";
import type { Transaction } from "../../db/database.ts";
import { decodeCursor, type Page, pageOf, type PageQuery } from "../../page.ts";
import { fail, failValidation } from "../../problem-error.ts";
import { ignoreListsChannel, type IgnoreListStore } from "./ignore-list-store.ts";
import { readEntry } from "./matcher/read-entry.ts";
import {
  countEntries,
  deleteAllEntries,
  deleteEntries,
  type EntryFilter,
  type IgnoreListFields,
  type IgnoreListRow,
  insertEntries,
  listEntries,
  lockIgnoreList,
  updateIgnoreList,
} from "./queries.ts";
import { readEntries, readMispEntries, readMispList } from "./read-file.ts";
import { createIgnoreList, existingList, fillTimeoutMs, ignoreListOf, recordList, touched } from "./service.ts";

export const entriesMax = 1_000_000;
const auditedMax = 20;
const position = z.tuple([z.string().regex(/^\d{1,18}$/)]).transform(([id]) => BigInt(id));

/** @throws ProblemError NOT_FOUND */
export async function pageEntries(
  ctx: Context,
  id: string,
  { limit, cursor, ...filter }: PageQuery & EntryFilter,
): Promise<Page<IgnoreListEntry>> {
  await existingList(ctx.db.prisma, { id });
  const rows = await listEntries(ctx.db, id, filter, decodeCursor(cursor, position), limit + 1);
  return pageOf(
    rows,
    limit,
    (row) => [String(row.id)],
    ({ type, value, exception }) => ({ type, value, exception }),
  );
}

/** Adds entries, or puts them in the place of all. @throws ProblemError NOT_FOUND, CONFLICT, VALIDATION_FAILED */
export async function writeEntries(
  ctx: Context,
  store: IgnoreListStore,
  id: string,
  inputs: readonly EntryInput[],
  mode: "add" | "replace",
): Promise<EntryChange> {
  const entries = new Map<string, IgnoreListEntry>();
  const errors = inputs.flatMap(({ value, type, exception }, index) => {
    const read = readEntry(value, type, exception);
    if (read.ok) entries.set(`${read.entry.type} ${read.entry.value}`, read.entry);
    return read.ok ? [] : [{ field: `body.entries[${index}].value`, message: read.reason }];
  });
  await existingList(ctx.db.prisma, { id });
  if (errors.length > 0) failValidation(errors);
  return changeEntries(ctx, store, id, (tx) => put(tx, id, [...entries.values()], mode));
}

/** @throws ProblemError NOT_FOUND, CONFLICT */
export async function removeEntries(
  ctx: Context,
  store: IgnoreListStore,
  id: string,
  entries: readonly Pick<IgnoreListEntry, "type" | "value">[],
): Promise<EntryChange> {
  return changeEntries(ctx, store, id, async (tx) => ({
    added: 0,
    removed: await deleteEntries(tx, id, entries),
    told: entries.slice(0, auditedMax).map(({ value }) => `- ${value}`),
  }));
}

/** Reads entries from a file; all of it or nothing. @throws ProblemError NOT_FOUND, CONFLICT, VALIDATION_FAILED */
export async function importEntries(
  ctx: Context,
  store: IgnoreListStore,
  id: string,
  { content, format, type, mode, invalid }: ImportInput,
): Promise<EntryChange> {
  await existingList(ctx.db.prisma, { id });
  const { entries, leftOut } = await readEntries(content, format, type, invalid);
  const change = await changeEntries(ctx, store, id, (tx) => put(tx, id, entries, mode));
  return { ...change, leftOut };
}

/** Makes a list of a MISP warning list. @throws ProblemError VALIDATION_FAILED */
export async function importMispList(ctx: Context, store: IgnoreListStore, input: MispImport): Promise<IgnoreList> {
  const misp = readMispList(input.content);
  const { entries } = await readMispEntries(misp, input.invalid);
  const { name, description, kind, indicatorKinds, version } = misp;
  const { enabled, global } = input;
  const fields = { name, description, kind: input.kind ?? kind, indicatorKinds, enabled, global, feed: null };
  const row = await createIgnoreList(ctx, { ...fields, slug: undefined }, version, (tx, list) =>
    fillList(tx, list, entries),
  );
  await store.reload();
  return ignoreListOf(row);
}

/** Puts these entries in the place of all that a list has. */
export async function fillList(
  tx: Transaction,
  list: IgnoreListFields,
  entries: readonly IgnoreListEntry[],
  change: Partial<IgnoreListFields> = {},
): Promise<IgnoreListRow> {
  await put(tx, list.id, entries, "replace");
  return updateIgnoreList(tx, list.id, {
    ...change,
    entryCount: await checkedCount(tx, list.id),
    revision: list.revision + 1,
  });
}

interface Written {
  readonly added: number;
  readonly removed: number;
  /** For the audit log. */
  readonly told: readonly string[];
}

async function put(
  tx: Transaction,
  id: string,
  entries: readonly IgnoreListEntry[],
  mode: "add" | "replace",
): Promise<Written> {
  const removed = mode === "replace" ? await deleteAllEntries(tx, id) : 0;
  const added = await insertEntries(tx, id, entries);
  return { added, removed, told: entries.slice(0, auditedMax).map(({ value }) => `+ ${value}`) };
}

async function changeEntries(
  ctx: Context,
  store: IgnoreListStore,
  id: string,
  change: (tx: Transaction) => Promise<Written>,
): Promise<EntryChange> {
  const result = await ctx.db.transaction(
    async (tx) => {
      await lockIgnoreList(tx, id);
      const before = await existingList(tx, { id });
      if (before.catalogue) {
        fail("CONFLICT", `${before.name} comes with Assay and its entries stay. Make a list of your own beside it.`);
      }
      if (before.feedUrl !== null) {
        const why = "so that a change of yours would be lost with the next file";
        fail(
          "CONFLICT",
          `The entries of ${before.name} come from ${before.feedUrl}, ${why}. Take the address out first.`,
        );
      }
      const { added, removed, told } = await change(tx);
      const entryCount = await checkedCount(tx, id);
      const after = await updateIgnoreList(tx, id, { entryCount, revision: before.revision + 1, ...touched(ctx) });
      await recordList(tx, ctx, "ignoreList.changeEntries", before, after, told);
      await ctx.db.notify(ignoreListsChannel, "", tx);
      return { added, removed, entryCount, leftOut: 0 };
    },
    { timeoutMs: fillTimeoutMs },
  );
  await store.reload();
  return result;
}

async function checkedCount(tx: Transaction, id: string): Promise<number> {
  const count = await countEntries(tx, id);
  if (count > entriesMax) fail("CONFLICT", `A list holds ${entriesMax} entries at the most; this would be ${count}.`);
  return count;
}
