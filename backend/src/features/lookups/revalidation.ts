import { context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { LRUCache } from "lru-cache";
import { newId } from "../../ids.ts";
import { cacheKeyOf } from "../cache/cache-key.ts";
import { indicatorFor } from "./indicator-for.ts";
import { type LiveLookup, newLiveLookup } from "./live-lookup.ts";
import { runLookup, type RunTools } from "./lookup-run.ts";
import type { PlannableSource } from "./plannable.ts";

/** Asks sources anew in the background, because an answer of theirs was given that was stale. */
export interface Revalidation {
  start(source: PlannableSource, lookup: LiveLookup): void;
  /** Stops what is under way. */
  close(): Promise<void>;
}

const atOnceMax = 32;
/** A source that does not answer is not asked again with every lookup. */
const restMs = 60_000;
const aheadMs = 10_000;
const tracer = trace.getTracer("assay.lookups");

/**
 * Runs a lookup of one source that nobody watches and that is not stored; what comes of it is in the cache. Where that is no
 * better than what is there, that stays.
 */
export function createRevalidation(tools: Omit<RunTools, "onChange" | "revalidate">): Revalidation {
  const running = new Map<string, { readonly lookup: LiveLookup; readonly done: Promise<void> }>();
  const restsUntilMs = new LRUCache<string, number>({ max: 10_000 });
  let isClosed = false;
  const run = async (digest: string, source: PlannableSource, lookup: LiveLookup): Promise<void> => {
    const span = tracer.startSpan("lookup.revalidate", { attributes: { "assay.source": source.snapshot.slug } });
    const nothing = (): void => undefined;
    const parent = trace.setSpan(context.active(), span);
    const beside = { onChange: nothing, revalidate: nothing };
    try {
      await runLookup(lookup, [{ source, problems: [] }], { ...tools, ...beside }, parent);
    } catch (err) {
      tools.log.error({ err, source: source.snapshot.id }, "a stale answer could not be asked for anew");
    } finally {
      span.end();
      const outcome = lookup.answers[0]?.answer.outcome;
      if (outcome !== "ok" && outcome !== "not_found") restsUntilMs.set(digest, tools.clock.now().getTime() + restMs);
      running.delete(digest);
    }
  };
  return {
    start(source, because) {
      const question = indicatorFor(source, because.request);
      if (!question.ok) return;
      const { digest } = cacheKeyOf(source, question.indicator);
      const nowMs = tools.clock.now().getTime();
      const rests = (restsUntilMs.get(digest) ?? 0) > nowMs;
      if (isClosed || rests || running.has(digest) || running.size >= atOnceMax) return;
      const lookup = lookupOf(source, because, nowMs);
      running.set(digest, { lookup, done: context.with(ROOT_CONTEXT, () => run(digest, source, lookup)) });
    },
    async close() {
      isClosed = true;
      for (const { lookup } of running.values()) lookup.abort.abort();
      await Promise.all([...running.values()].map(({ done }) => done));
    },
  };
}

function lookupOf(source: PlannableSource, because: LiveLookup, nowMs: number): LiveLookup {
  return newLiveLookup({
    request: {
      ...because.request,
      id: newId(),
      createdAt: new Date(nowMs).toISOString(),
      callerClass: "scheduled",
      batchId: null,
      parentId: null,
      followUp: null,
    },
    premises: because.premises,
    plan: [],
    deadlineAtMs: nowMs + source.timeoutMs + aheadMs,
    // What another node has fetched meanwhile will do.
    cachedSinceMs: 0,
    takesStale: false,
  });
}
