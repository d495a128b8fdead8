import { z } from "zod";
import { endpoints } from "./endpoint.ts";
import { HttpUrl, Id, page, pageQuery, Slug, Timestamp } from "./fields.ts";
import { IndicatorKind } from "./indicators.ts";

/** What an entry says of an indicator, as MISP's warning lists have it. */
export const entryTypes = ["string", "hostname", "cidr", "substring", "regex"] as const;
export const EntryType = z.enum(entryTypes).meta({
  description:
    "string: exactly this; hostname: the name and all below it; cidr: addresses within; substring: holds this; regex: matches this, of what can be matched in linear time",
});
export type EntryType = z.infer<typeof EntryType>;

/** `known_good`: sources are not asked, and the verdict is benign. `context`: the lookup is labelled, no more. */
export const IgnoreListKind = z.enum(["known_good", "context"]);
export type IgnoreListKind = z.infer<typeof IgnoreListKind>;

export const entryBytesMax = 2_000;
const value = z.string().trim().min(1).max(entryBytesMax);

export const IgnoreListEntry = z.strictObject({
  type: EntryType,
  value: z.string(),
  exception: z.boolean().meta({ description: "What it matches is not on the list, whatever else says so" }),
});
export type IgnoreListEntry = z.infer<typeof IgnoreListEntry>;

export const EntryInput = z.strictObject({
  type: EntryType.optional().meta({ description: "Told from the value when absent" }),
  value,
  exception: z.boolean().default(false),
});
export type EntryInput = z.infer<typeof EntryInput>;

export const importFormats = ["misp", "text", "csv"] as const;

/** Where a list's entries come from by themselves. */
export const ListFeed = z.strictObject({
  url: HttpUrl.meta({ description: "Fetched by a runner, under the rules that hold for sources" }),
  format: z.enum(importFormats),
  type: EntryType.nullable().default(null).meta({ description: "Of text and csv; null: told from each value" }),
  invalid: z
    .enum(["refuse", "leave_out"])
    .default("leave_out")
    .meta({ description: "What becomes of the file when an entry is not valid" }),
  everyMinutes: z.number().int().min(15).max(43_200).default(1_440),
});
export type ListFeed = z.infer<typeof ListFeed>;

const fields = {
  name: z.string().trim().min(1).max(200),
  slug: Slug,
  description: z.string().max(4000),
  kind: IgnoreListKind,
  indicatorKinds: z
    .array(IndicatorKind)
    .max(100)
    .meta({ description: "Kinds of indicator that it is about; all when empty" }),
  enabled: z.boolean(),
  global: z.boolean().meta({ description: "Holds for every source, not only for those that it is tied to" }),
  feed: ListFeed.nullable().meta({
    description: "Keeps the entries up to date with a file; null: they are yours to change",
  }),
};

export const IgnoreListInput = z.strictObject({
  ...fields,
  slug: Slug.optional().meta({ description: "Made from the name when absent" }),
  description: fields.description.default(""),
  kind: IgnoreListKind.default("known_good"),
  indicatorKinds: fields.indicatorKinds.default([]),
  enabled: fields.enabled.default(true),
  global: fields.global.default(false),
  feed: fields.feed.default(null),
});
export type IgnoreListInput = z.infer<typeof IgnoreListInput>;

export const IgnoreListPatch = z.strictObject(fields).partial();
export type IgnoreListPatch = z.infer<typeof IgnoreListPatch>;

export const IgnoreList = z.strictObject({
  ...fields,
  id: Id,
  entryCount: z.number().int(),
  /** It comes with Assay: its entries and name are the catalogue's, all else is yours. */
  catalogue: z.boolean(),
  /** The version that an imported list states; null: none. */
  version: z.string().nullable(),
  feedState: z
    .strictObject({
      fetchedAt: Timestamp.nullable().meta({ description: "When the file was last there, changed or not" }),
      changedAt: Timestamp.nullable().meta({ description: "When it last changed the entries" }),
      dueAt: Timestamp.meta({ description: "Not fetched again before; lists that are off are not fetched" }),
      problem: z.string().nullable().meta({ description: "Why the last try left the entries as they were" }),
    })
    .nullable(),
  sourceIds: z.array(Id),
  providerIds: z.array(Id),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  createdUserId: Id.nullable(),
  updatedUserId: Id.nullable(),
});
export type IgnoreList = z.infer<typeof IgnoreList>;

/** A list that holds an indicator, and the entry that says so, as it was at that time. */
export const IgnoreListMatch = z.strictObject({
  list: IgnoreList.pick({ id: true, slug: true, name: true, kind: true }),
  entry: IgnoreListEntry.pick({ type: true, value: true }),
});
export type IgnoreListMatch = z.infer<typeof IgnoreListMatch>;

export const EntryChange = z.strictObject({
  added: z.number().int(),
  removed: z.number().int(),
  /** Of an import: lines that are not valid and were left out. */
  leftOut: z.number().int(),
  entryCount: z.number().int(),
});
export type EntryChange = z.infer<typeof EntryChange>;

/** A file, as text. */
const content = z.string().min(1).max(24_000_000);
const invalid = z
  .enum(["refuse", "leave_out"])
  .default("refuse")
  .meta({ description: "What becomes of the import when an entry is not valid" });
export const ImportInput = z.strictObject({
  content,
  format: z.enum(importFormats).meta({
    description:
      "misp: a MISP warning list; text: an entry a line; csv: the first column; lines that begin with # are left out",
  }),
  type: EntryType.optional().meta({ description: "Of text and csv; told from each value when absent" }),
  mode: z.enum(["add", "replace"]).default("add"),
  invalid,
});
export type ImportInput = z.infer<typeof ImportInput>;

export const MispImport = z.strictObject({
  content: content.meta({ description: "The list.json of a MISP warning list" }),
  kind: IgnoreListKind.optional().meta({ description: "As the file says when absent" }),
  global: z.boolean().default(false),
  enabled: z.boolean().default(true),
  invalid,
});
export type MispImport = z.infer<typeof MispImport>;

const importBytesMax = 32 * 1024 * 1024;
const idParam = z.strictObject({ id: Id });
const entriesBody = z.strictObject({ entries: z.array(EntryInput).max(10_000) });
const Tie = z.strictObject({ id: Id, slug: Slug, name: z.string() });
const tieIds = z.array(Id).max(1000);
const read = "ignoreLists:read";
const write = "ignoreLists:write";

export const ignoreListsApi = endpoints({
  list: {
    method: "GET",
    path: "/ignoreLists",
    summary: "Ignore lists by name",
    access: read,
    query: z.strictObject({ ...pageQuery, q: z.string().max(200).optional() }),
    responses: { 200: page(IgnoreList) },
  },
  create: {
    method: "POST",
    path: "/ignoreLists",
    summary: "Make an ignore list",
    access: write,
    body: IgnoreListInput,
    responses: { 201: IgnoreList },
  },
  global: {
    method: "GET",
    path: "/ignoreLists/global",
    summary: "Ignore lists that hold for every source",
    access: read,
    query: z.strictObject(pageQuery),
    responses: { 200: page(IgnoreList) },
  },
  match: {
    method: "POST",
    path: "/ignoreLists/match",
    summary: "Which lists that are switched on hold an indicator, and by which entry",
    access: read,
    body: z.strictObject({
      data: z.string().min(1).max(8192).meta({ description: "The indicator, defanged or not" }),
      kind: IndicatorKind.optional().meta({ description: "Detected when absent" }),
    }),
    responses: {
      200: z.strictObject({
        indicator: z.strictObject({ kind: IndicatorKind, data: z.string() }),
        matches: z.array(IgnoreListMatch.extend({ global: z.boolean() })),
      }),
    },
  },
  import: {
    method: "POST",
    path: "/ignoreLists/import",
    summary: "Make an ignore list from a MISP warning list",
    access: write,
    body: MispImport,
    bodyBytesMax: importBytesMax,
    responses: { 201: IgnoreList },
  },
  getBySlug: {
    method: "GET",
    path: "/ignoreLists/slugs/{slug}",
    summary: "One ignore list by slug",
    access: read,
    params: z.strictObject({ slug: Slug }),
    responses: { 200: IgnoreList },
  },
  get: {
    method: "GET",
    path: "/ignoreLists/{id}",
    summary: "One ignore list",
    access: read,
    params: idParam,
    responses: { 200: IgnoreList },
  },
  update: {
    method: "PATCH",
    path: "/ignoreLists/{id}",
    summary: "Change an ignore list; it holds at once, on every node",
    access: write,
    params: idParam,
    body: IgnoreListPatch,
    responses: { 200: IgnoreList },
  },
  delete: {
    method: "DELETE",
    path: "/ignoreLists/{id}",
    summary: "Delete an ignore list of your own",
    access: write,
    params: idParam,
    responses: { 204: null },
  },
  entries: {
    method: "GET",
    path: "/ignoreLists/{id}/entries",
    summary: "Entries of a list, in the order in which they were added",
    access: read,
    params: idParam,
    query: z.strictObject({
      ...pageQuery,
      q: z.string().max(200).optional().meta({ description: "Those that hold this" }),
      type: EntryType.optional(),
    }),
    responses: { 200: page(IgnoreListEntry) },
  },
  addEntries: {
    method: "POST",
    path: "/ignoreLists/{id}/entries",
    summary: "Add entries; all or, when one is not valid, none",
    access: write,
    params: idParam,
    body: entriesBody,
    responses: { 200: EntryChange },
  },
  replaceEntries: {
    method: "PUT",
    path: "/ignoreLists/{id}/entries",
    summary: "Put these entries in the place of all",
    access: write,
    params: idParam,
    body: entriesBody,
    responses: { 200: EntryChange },
  },
  removeEntries: {
    method: "POST",
    path: "/ignoreLists/{id}/entries/remove",
    summary: "Take entries out",
    access: write,
    params: idParam,
    body: z.strictObject({ entries: z.array(IgnoreListEntry.pick({ type: true, value: true })).max(10_000) }),
    responses: { 200: EntryChange },
  },
  importEntries: {
    method: "POST",
    path: "/ignoreLists/{id}/entries/import",
    summary: "Read entries from a file; all or, when a line is not valid, none",
    access: write,
    params: idParam,
    body: ImportInput,
    bodyBytesMax: importBytesMax,
    responses: { 200: EntryChange },
  },
  refresh: {
    method: "POST",
    path: "/ignoreLists/{id}/refresh",
    summary: "Fetch the file of a list now; what came of it is in `feedState`",
    access: write,
    params: idParam,
    body: z.strictObject({
      acceptSmaller: z
        .boolean()
        .default(false)
        .meta({ description: "Take the file even if it has fewer than half of the list's entries" }),
    }),
    responses: { 200: IgnoreList },
  },
  sources: {
    method: "GET",
    path: "/ignoreLists/{id}/sources",
    summary: "Sources that a list is tied to",
    access: read,
    params: idParam,
    responses: { 200: z.strictObject({ items: z.array(Tie) }) },
  },
  tieSources: {
    method: "PUT",
    path: "/ignoreLists/{id}/sources",
    summary: "Say which sources a list is tied to",
    access: write,
    params: idParam,
    body: z.strictObject({ sourceIds: tieIds }),
    responses: { 200: IgnoreList },
  },
  providers: {
    method: "GET",
    path: "/ignoreLists/{id}/providers",
    summary: "Providers that a list is tied to",
    access: read,
    params: idParam,
    responses: { 200: z.strictObject({ items: z.array(Tie) }) },
  },
  tieProviders: {
    method: "PUT",
    path: "/ignoreLists/{id}/providers",
    summary: "Say which providers a list is tied to",
    access: write,
    params: idParam,
    body: z.strictObject({ providerIds: tieIds }),
    responses: { 200: IgnoreList },
  },
});
