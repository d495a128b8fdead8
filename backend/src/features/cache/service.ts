import type { CacheEntry, CacheState, IndicatorKind } from "@assay/contract";
import { z } from "zod";
import type { Context } from "../../context.ts";
import { decodeCursor, type Page, pageOf, type PageQuery } from "../../page.ts";
import { fail, failValidation } from "../../problem-error.ts";
import { recordAudit } from "../audit/record.ts";
import { indicatorFor } from "../lookups/indicator-for.ts";
import { readIndicator } from "../lookups/indicator.ts";
import type { PlannableSource } from "../lookups/plannable.ts";
import type { SourceRegistry } from "../lookups/source-registry.ts";
import type { AnswerCache } from "./answer-cache.ts";
import type { ClearScope, StoredAnswer } from "./answer-store.ts";
import { type AskedIndicator, type CacheKey, cacheKeyOf } from "./cache-key.ts";

/** What entries are narrowed to. */
export interface EntryFilter {
  readonly sourceId?: string | undefined;
  readonly data?: string | undefined;
  readonly kind?: IndicatorKind | undefined;
}

/** How the cache stands, with Redis away as well. */
export async function getCache(ctx: Context, cache: AnswerCache, registry: SourceRegistry): Promise<CacheState> {
  const { store, counts } = cache;
  const reached = await Promise.all([store.counts(ctx.clock.now().getTime()), store.usage()]).catch(() => null);
  const [entries, usage] = reached ?? [null, { usedBytes: null, usedBytesMax: null }];
  const used = counts.bySource();
  const sources = registry.all().flatMap((source) => {
    const counted = used.get(source.snapshot.id);
    const count = entries?.get(source.snapshot.id) ?? 0;
    if (count === 0 && !counted) return [];
    const nothing = { hits: 0, stale: 0, misses: 0, coalesced: 0 };
    return [{ source: briefly(source), entries: entries && count, ...(counted ?? nothing) }];
  });
  return {
    driver: store.driver,
    trouble: store.trouble() ?? (reached ? null : "it does not answer"),
    entries: entries && [...entries.values()].reduce((sum, count) => sum + count, 0),
    ...usage,
    since: counts.since.toISOString(),
    sources,
  };
}

const position = z
  .tuple([z.string(), z.coerce.number(), z.string()])
  .transform(([sourceId, goneAtMs, digest]) => ({ sourceId, goneAtMs, digest }));

/** Answers in the cache. @throws ProblemError NOT_FOUND, INVALID_INDICATOR, VALIDATION_FAILED, UNAVAILABLE */
export async function pageEntries(
  ctx: Context,
  cache: AnswerCache,
  registry: SourceRegistry,
  { limit, cursor, ...filter }: PageQuery & EntryFilter,
): Promise<Page<CacheEntry>> {
  const after = decodeCursor(cursor, position);
  const sources = sourcesOf(registry, filter);
  const indicator = indicatorOf(filter);
  const byId = new Map(sources.map((source) => [source.snapshot.id, source]));
  const found = await reachable(cache, () =>
    indicator === null
      ? cache.store.list([...byId.keys()], after, limit + 1, ctx.clock.now().getTime())
      : // One of each source at the most.
        readAll(ctx, cache, sources, indicator),
  );
  const current = await reachable(cache, () => isCurrent(cache, byId, found));
  return pageOf(
    found.flatMap((stored, at) => {
      const source = byId.get(stored.sourceId);
      return source ? [{ stored, source, current: current[at] ?? false }] : [];
    }),
    indicator === null ? limit : found.length,
    ({ stored }) => [stored.sourceId, String(stored.answer.goneAtMs), stored.digest],
    ({ stored, source, current }) => entryOf(stored, source, current),
  );
}

/** Clears what is named; returns how many answers are gone. @throws ProblemError NOT_FOUND, INVALID_INDICATOR, VALIDATION_FAILED, UNAVAILABLE */
export async function clearCache(
  ctx: Context,
  cache: AnswerCache,
  registry: SourceRegistry,
  { all, ...filter }: EntryFilter & { readonly all: boolean },
): Promise<number> {
  const isNarrow = filter.sourceId !== undefined || filter.data !== undefined;
  if (all === isNarrow) {
    const message = isNarrow
      ? "cannot stand beside sourceId or data: leave it out, or leave them out"
      : "must be true where neither sourceId nor data is given";
    failValidation([{ field: "query.all", message }]);
  }
  const sources = sourcesOf(registry, filter);
  const indicator = indicatorOf(filter);
  const scope: ClearScope = indicator
    ? { keys: sources.flatMap((source) => keyOf(source, indicator) ?? []) }
    : filter.sourceId === undefined
      ? { all: true }
      : { sourceId: filter.sourceId };
  if (cache.store.trouble() !== null) fail("UNAVAILABLE", away(cache));
  const words = [
    ...(indicator ? [`${indicator.data} (${indicator.kind})`] : []),
    ...(filter.sourceId === undefined ? [] : [sources[0]?.snapshot.name ?? filter.sourceId]),
  ];
  const object = { type: "cache", id: filter.sourceId ?? null, name: words.join(", ") || "all" };
  // Before it is cleared: that is done in no transaction, so nothing could take it back.
  await recordAudit(ctx.db.prisma, ctx, { action: "cache.clear", object });
  return reachable(cache, () => cache.clear(scope));
}

/** With every source, as the indicator alone does not say where it was asked. */
function sourcesOf(registry: SourceRegistry, { sourceId }: EntryFilter): readonly PlannableSource[] {
  if (sourceId === undefined) return registry.all();
  return [registry.get(sourceId) ?? fail("NOT_FOUND", `There is no source ${sourceId}`)];
}

function indicatorOf({ data, kind }: EntryFilter): AskedIndicator | null {
  if (data !== undefined) return readIndicator({ data, kind }, "query");
  if (kind !== undefined) failValidation([{ field: "query.kind", message: "needs data beside it" }]);
  return null;
}

async function readAll(
  ctx: Context,
  cache: AnswerCache,
  sources: readonly PlannableSource[],
  indicator: AskedIndicator,
): Promise<StoredAnswer[]> {
  const keys = sources.flatMap((source) => keyOf(source, indicator) ?? []);
  const readings = (await cache.store.read(keys)) ?? fail("UNAVAILABLE", away(cache));
  return keys.flatMap(({ sourceId, digest }, at) => {
    const answer = readings[at]?.answer;
    return answer && answer.goneAtMs > ctx.clock.now().getTime() ? [{ sourceId, digest, answer }] : [];
  });
}

/** Whether each of them is what a lookup would be given. */
async function isCurrent(
  cache: AnswerCache,
  byId: ReadonlyMap<string, PlannableSource>,
  found: readonly StoredAnswer[],
): Promise<boolean[]> {
  const keys = found.flatMap(({ sourceId, digest, answer }) => {
    const source = byId.get(sourceId);
    const key = source && keyOf(source, answer.indicator);
    return key?.digest === digest ? [key] : [];
  });
  const readings = (await cache.store.read(keys)) ?? fail("UNAVAILABLE", away(cache));
  const given = new Set(keys.flatMap(({ digest }, at) => (readings[at]?.answer ? [digest] : [])));
  return found.map(({ digest }) => given.has(digest));
}

/** Of the indicator as the source is asked about it; null where it cannot be. */
function keyOf(source: PlannableSource, indicator: AskedIndicator): CacheKey | null {
  const question = indicatorFor(source, indicator);
  return question.ok ? cacheKeyOf(source, question.indicator) : null;
}

async function reachable<T>(cache: AnswerCache, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (cache.store.trouble() !== null) fail("UNAVAILABLE", away(cache));
    throw error;
  }
}

function away({ store }: AnswerCache): string {
  return `Redis cannot be reached (${store.trouble() ?? "it does not answer"}), and the cache is there. Try again in a few seconds.`;
}

function briefly({ snapshot: { id, slug, name } }: PlannableSource): CacheEntry["source"] {
  return { id, slug, name };
}

function entryOf({ answer }: StoredAnswer, source: PlannableSource, current: boolean): CacheEntry {
  const { indicator, said, expiresAtMs, goneAtMs, json } = answer;
  return {
    source: briefly(source),
    data: indicator.data,
    kind: indicator.kind,
    outcome: said.outcome,
    verdict: said.verdict,
    fetchedAt: said.fetchedAt,
    expiresAt: new Date(expiresAtMs).toISOString(),
    goneAt: new Date(goneAtMs).toISOString(),
    bytes: Buffer.byteLength(json),
    current,
  };
}
