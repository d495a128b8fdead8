import { z } from "zod";
import { Opinion, Outcome } from "./answers.ts";
import { endpoints } from "./endpoint.ts";
import { flag, Id, page, pageQuery, Slug, Timestamp } from "./fields.ts";
import { IndicatorKind } from "./indicators.ts";

const source = z.strictObject({ id: Id, slug: Slug, name: z.string() });

export const CacheUse = z.strictObject({
  source,
  entries: z.number().int().nullable().meta({ description: "null: the cache cannot be reached" }),
  hits: z.number().int(),
  stale: z.number().int().meta({ description: "Given although their lifetime was over" }),
  misses: z.number().int(),
  coalesced: z.number().int().meta({ description: "Answers that came of a call for another lookup under way" }),
});
export type CacheUse = z.infer<typeof CacheUse>;

export const CacheState = z.strictObject({
  driver: z.enum(["memory", "redis"]),
  trouble: z
    .string()
    .nullable()
    .meta({ description: "Why answers are neither kept nor shared between nodes at the moment; null: they are" }),
  entries: z.number().int().nullable().meta({ description: "null: the cache cannot be reached" }),
  usedBytes: z
    .number()
    .int()
    .nullable()
    .meta({ description: "Of this node's memory; with Redis, of all that is in that Redis" }),
  usedBytesMax: z.number().int().nullable().meta({ description: "null: without end, or not known" }),
  since: Timestamp.meta({ description: "What is counted below is counted since then, on the node that answers" }),
  sources: z.array(CacheUse).meta({ description: "Those that have entries or were looked for" }),
});
export type CacheState = z.infer<typeof CacheState>;

export const CacheEntry = z.strictObject({
  source,
  data: z.string(),
  kind: IndicatorKind,
  outcome: Outcome,
  verdict: Opinion,
  fetchedAt: Timestamp,
  expiresAt: Timestamp,
  goneAt: Timestamp.meta({ description: "Until then it is given as stale; the same as expiresAt where it is not" }),
  bytes: z.number().int(),
  current: z.boolean().meta({
    description: "false: made by code, settings or hosts that the source has no more, so that it is not given",
  }),
});
export type CacheEntry = z.infer<typeof CacheEntry>;

const indicator = {
  sourceId: Id.optional().meta({ description: "Of this source" }),
  data: z.string().min(1).max(8192).optional().meta({ description: "Of this indicator, defanged or not" }),
  kind: IndicatorKind.optional().meta({ description: "Kind of the indicator; detected when absent" }),
};

export const cacheApi = endpoints({
  get: {
    method: "GET",
    path: "/cache",
    summary: "How the cache of answers stands, and how it is used",
    access: "cache:read",
    responses: { 200: CacheState },
  },
  entries: {
    method: "GET",
    path: "/cache/entries",
    summary: "Answers in the cache, source by source, those that stay longest first",
    access: "cache:read",
    query: z.strictObject({ ...pageQuery, ...indicator }),
    responses: { 200: page(CacheEntry) },
  },
  clear: {
    method: "DELETE",
    path: "/cache/entries",
    summary: "Clear the answers of a source, of an indicator, of both, or all; it holds at once on every node",
    access: "cache:write",
    query: z.strictObject({
      ...indicator,
      all: flag.default(false).meta({ description: "Where neither a source nor an indicator is named" }),
    }),
    responses: { 200: z.strictObject({ removed: z.number().int() }) },
  },
});
