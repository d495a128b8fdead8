import { isDeepStrictEqual } from "node:util";
import type {
  IgnoreList,
  IgnoreListInput,
  IgnoreListKind,
  IgnoreListMatch,
  IgnoreListPatch,
  IndicatorKind,
  ListFeed,
} from "@assay/contract";
import type { Context } from "../../context.ts";
import { requireUser } from "../../authorise.ts";
import type { Transaction } from "../../db/database.ts";
import { isUniqueViolation } from "../../db/violations.ts";
import { newId } from "../../ids.ts";
import { decodeCursor, type Page, pageOf, type PageQuery, positionByName } from "../../page.ts";
import { fail, failValidation } from "../../problem-error.ts";
import { failTaken, insertWithSlug } from "../../slug.ts";
import { fieldChanges } from "../audit/field-changes.ts";
import { type AuditContext, recordAudit } from "../audit/record.ts";
import { readIndicator } from "../lookups/indicator.ts";
import { checkFeedAddress, keyOf, withoutKey } from "./feed-address.ts";
import { feedColumns, feedOf, feedStateOf, withoutFeed } from "./feed-columns.ts";
import { ignoreListsChannel, type IgnoreListStore } from "./ignore-list-store.ts";
import {
  deleteIgnoreList,
  findIgnoreList,
  type IgnoreListFields,
  type IgnoreListFilter,
  type IgnoreListKey,
  type IgnoreListRow,
  ignoreListSlugs,
  insertIgnoreList,
  listIgnoreLists,
  namedProviders,
  namedSources,
  setProviders,
  setSources,
  updateIgnoreList,
} from "./queries.ts";

/** Lists that pass the filter, by name. */
export async function pageIgnoreLists(
  ctx: Context,
  { limit, cursor, ...filter }: PageQuery & IgnoreListFilter,
): Promise<Page<IgnoreList>> {
  const rows = await listIgnoreLists(ctx.db, filter, decodeCursor(cursor, positionByName), limit + 1);
  return pageOf(
    rows,
    limit,
    ({ name, id }) => [name, id],
    (row) => shownTo(ctx, row),
  );
}

/** @throws ProblemError NOT_FOUND */
export async function getIgnoreList(ctx: Context, key: IgnoreListKey): Promise<IgnoreList> {
  return shownTo(ctx, await existingList(ctx.db.prisma, key));
}

/** The address of its file may hold a key, which is for those who may change it. */
function shownTo({ actor }: Context, row: IgnoreListRow): IgnoreList {
  const list = ignoreListOf(row);
  const mayWrite = "scopes" in actor && actor.scopes.has("ignoreLists:write");
  return mayWrite ? list : { ...list, feed: withoutKey(list.feed) };
}

/** @throws ProblemError NOT_FOUND */
export async function existingList(tx: Transaction, key: IgnoreListKey): Promise<IgnoreListRow> {
  const found = await findIgnoreList(tx, key);
  return found ?? fail("NOT_FOUND", `There is no ignore list ${"id" in key ? key.id : key.slug}.`);
}

/** Makes a list; `fill` puts entries into it in the same transaction. @throws ProblemError VALIDATION_FAILED, CONFLICT */
export async function createIgnoreList(
  ctx: Context,
  input: Omit<IgnoreListInput, "indicatorKinds"> & { readonly indicatorKinds: readonly IndicatorKind[] },
  version: string | null = null,
  fill?: (tx: Transaction, list: IgnoreListRow) => Promise<IgnoreListRow>,
): Promise<IgnoreListRow> {
  checkFeedAddress(input.feed);
  const now = ctx.clock.now();
  const user = requireUser(ctx.actor);
  const taken = (prefix: string): Promise<string[]> => ignoreListSlugs(ctx.db, prefix);
  const choice = { wanted: input.slug, name: input.name, fallback: "ignore-list", taken };
  return insertWithSlug(choice, (slug) =>
    ctx.db.transaction(
      async (tx) => {
        const fields = newFields({ ...input, slug, version, now });
        const row = await insertIgnoreList(tx, { ...fields, createdUserId: user.id, updatedUserId: user.id });
        const filled = fill ? await fill(tx, row) : row;
        await recordList(tx, ctx, "ignoreList.create", null, filled);
        await ctx.db.notify(ignoreListsChannel, "", tx);
        return filled;
      },
      fill && { timeoutMs: fillTimeoutMs },
    ),
  );
}

/** A file of a million entries is written within this time, on a slow machine too. */
export const fillTimeoutMs = 180_000;

interface NewFields {
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly kind: IgnoreListKind;
  readonly indicatorKinds: readonly IndicatorKind[];
  readonly enabled: boolean;
  readonly global: boolean;
  readonly feed?: ListFeed | null;
  readonly version: string | null;
  readonly now: Date;
}

/** A list without entries, nobody's. */
export function newFields({ now, indicatorKinds, feed = null, ...fields }: NewFields): IgnoreListFields {
  return {
    ...fields,
    ...feedColumns(feed, now),
    id: newId(),
    indicatorKinds: [...indicatorKinds],
    catalogue: false,
    catalogueHash: null,
    entryCount: 0,
    revision: 0,
    createdAt: now,
    updatedAt: now,
    createdUserId: null,
    updatedUserId: null,
  };
}

/** @throws ProblemError NOT_FOUND, VALIDATION_FAILED, CONFLICT */
export async function patchIgnoreList(
  ctx: Context,
  store: IgnoreListStore,
  id: string,
  patch: IgnoreListPatch,
): Promise<IgnoreList> {
  const { feed, ...plain } = patch;
  const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined));
  const changing = ctx.db.transaction(async (tx) => {
    const before = await existingList(tx, { id });
    const catalogueOwned = (["name", "slug", "description", "indicatorKinds", "feed"] as const).filter(
      (key) => patch[key] !== undefined,
    );
    if (before.catalogue && catalogueOwned.length > 0) {
      fail(
        "CONFLICT",
        `${before.name} comes with Assay: only whether it is on, its kind and whom it concerns can be changed.`,
        catalogueOwned.map((key) => ({ field: `body.${key}`, message: "is the catalogue's and stays" })),
      );
    }
    const isNewFeed = feed !== undefined && !isDeepStrictEqual(feed, feedOf(before));
    if (isNewFeed) checkFeedAddress(feed);
    const change = { ...given, ...(isNewFeed && feedColumns(feed, ctx.clock.now())), ...touched(ctx) };
    const after = await updateIgnoreList(tx, id, change);
    await recordList(tx, ctx, "ignoreList.update", before, after);
    await ctx.db.notify(ignoreListsChannel, "", tx);
    return after;
  });
  const row = await changing.catch((error: unknown) => {
    if (patch.slug !== undefined && isUniqueViolation(error)) failTaken(patch.slug);
    throw error;
  });
  await store.reload();
  return ignoreListOf(row);
}

/** Deletes a list of one's own. @throws ProblemError NOT_FOUND, CONFLICT */
export async function removeIgnoreList(ctx: Context, store: IgnoreListStore, id: string): Promise<void> {
  await ctx.db.transaction(
    async (tx) => {
      const list = await existingList(tx, { id });
      if (list.catalogue)
        fail("CONFLICT", `${list.name} comes with Assay and cannot be deleted. Switch it off instead.`);
      await deleteIgnoreList(tx, id);
      await recordList(tx, ctx, "ignoreList.delete", list, null);
      await ctx.db.notify(ignoreListsChannel, "", tx);
    },
    { timeoutMs: fillTimeoutMs },
  );
  await store.reload();
}

/** Says which sources, or which providers, a list is tied to. @throws ProblemError NOT_FOUND, VALIDATION_FAILED */
export async function tieIgnoreList(
  ctx: Context,
  store: IgnoreListStore,
  id: string,
  ties: { readonly sourceIds: readonly string[] } | { readonly providerIds: readonly string[] },
): Promise<IgnoreList> {
  const [field, given] = "sourceIds" in ties ? ["sourceIds", ties.sourceIds] : ["providerIds", ties.providerIds];
  const ids = [...new Set(given)];
  const found = await ("sourceIds" in ties ? namedSources : namedProviders)(ctx.db, ids);
  const known = new Set(found.map((each) => each.id));
  const unknown = given.flatMap((each, index) =>
    known.has(each) ? [] : [{ field: `body.${field}[${index}]`, message: "nothing has this id" }],
  );
  const row = await ctx.db.transaction(async (tx) => {
    const before = await existingList(tx, { id });
    if (unknown.length > 0) failValidation(unknown);
    await ("sourceIds" in ties ? setSources : setProviders)(tx, id, ids);
    const after = await updateIgnoreList(tx, id, touched(ctx));
    await recordList(tx, ctx, "ignoreList.tie", before, after);
    await ctx.db.notify(ignoreListsChannel, "", tx);
    return after;
  });
  await store.reload();
  return ignoreListOf(row);
}

/** Sources that a list is tied to, by name. @throws ProblemError NOT_FOUND */
export async function tiedSources(ctx: Context, id: string): Promise<Awaited<ReturnType<typeof namedSources>>> {
  return namedSources(ctx.db, (await getIgnoreList(ctx, { id })).sourceIds);
}

/** Providers that a list is tied to, by name. @throws ProblemError NOT_FOUND */
export async function tiedProviders(ctx: Context, id: string): Promise<Awaited<ReturnType<typeof namedProviders>>> {
  return namedProviders(ctx.db, (await getIgnoreList(ctx, { id })).providerIds);
}

/** Which lists that are switched on hold an indicator, and by which entry. @throws ProblemError INVALID_INDICATOR */
export function matchIndicator(
  store: IgnoreListStore,
  input: { data: string; kind?: IndicatorKind | undefined },
): { indicator: { kind: IndicatorKind; data: string }; matches: (IgnoreListMatch & { global: boolean })[] } {
  const indicator = readIndicator(input);
  const matches = store
    .match(indicator.kind, indicator.data)
    .map(({ list, entry, global }) => ({ list, entry, global }));
  return { indicator, matches };
}

/** When and by whom, of every change. */
export function touched(ctx: Context): { updatedAt: Date; updatedUserId: string } {
  return { updatedAt: ctx.clock.now(), updatedUserId: requireUser(ctx.actor).id };
}

/** Records what became of a list; null: it was not there before, or is not any more. `more` are changes that its fields do not tell. */
export async function recordList(
  tx: Transaction,
  ctx: AuditContext,
  action: `ignoreList.${string}`,
  before: IgnoreListRow | null,
  after: IgnoreListRow | null,
  more: readonly string[] = [],
): Promise<void> {
  const { id = null, name = "" } = after ?? before ?? {};
  const fields = (row: IgnoreListRow | null, entries: readonly string[]) =>
    row && { ...auditFields(row), ...(entries.length > 0 && { entries }) };
  const changes = fieldChanges(fields(before, []), fields(after, more));
  await recordAudit(tx, ctx, { action, object: { type: "ignoreList", id, name }, changes });
}

function auditFields(row: IgnoreListRow): Record<string, unknown> {
  const { revision: _revision, catalogueHash: _hash, ...fields } = withoutFeed(row);
  const feed = feedOf(row);
  // By its name redacted, so that a change of the key alone is told.
  const feedSecret = feed && (keyOf(feed) || null);
  return { ...fields, feed: withoutKey(feed), feedSecret, ...tieIds(row) };
}

const tieIds = (row: IgnoreListRow) => ({
  sources: row.sources.map(({ sourceId }) => sourceId),
  providers: row.providers.map(({ providerId }) => providerId),
});

export function ignoreListOf(row: IgnoreListRow): IgnoreList {
  const {
    revision: _revision,
    catalogueHash: _hash,
    sources: _sources,
    providers: _providers,
    ...fields
  } = withoutFeed(row);
  const { sources: sourceIds, providers: providerIds } = tieIds(row);
  return {
    ...fields,
    kind: fields.kind as IgnoreListKind,
    indicatorKinds: fields.indicatorKinds as IndicatorKind[],
    feed: feedOf(row),
    feedState: feedStateOf(row),
    sourceIds,
    providerIds,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
