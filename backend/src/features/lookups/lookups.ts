import { freshDaysOf, type PlanRow, type RequestInput, type RequestSummary } from "@assay/contract";
import type { Logger } from "@assay/process";
import { context, type Context as TraceContext, ROOT_CONTEXT, SpanKind, trace } from "@opentelemetry/api";
import type { Clock } from "../../context.ts";
import type { Database } from "../../db/database.ts";
import { newId } from "../../ids.ts";
import { fail } from "../../problem-error.ts";
import type { ConfigStore } from "../config/config-store.ts";
import type { AnswerCache } from "../cache/answer-cache.ts";
import type { DecisionStore } from "../decisions/decision-store.ts";
import { concerns, type IgnoreListStore } from "../ignore-lists/ignore-list-store.ts";
import type { SecretUse } from "../secrets/secret-store.ts";
import type { Quotas } from "../quotas/quotas.ts";
import { createFollower } from "./follower.ts";
import { rootState } from "./follow-up.ts";
import { readIndicator } from "./indicator.ts";
import { isSettled, type LiveLookup, newLiveLookup } from "./live-lookup.ts";
import { claimOrphans, readLookup, renewLeases } from "./lookup-queries.ts";
import { runLookup } from "./lookup-run.ts";
import { planLookup, type PlannedSource } from "./plan.ts";
import { createRecorder } from "./recorder.ts";
import type { RunnerPool } from "./runner-pool.ts";
import { resumePlan } from "./resume.ts";
import { createRevalidation } from "./revalidation.ts";
import type { SourceRegistry } from "./source-registry.ts";
import { visibilityOf, watchVisibility } from "./visibility.ts";

export interface LookupsOptions {
  readonly db: Database;
  readonly registry: SourceRegistry;
  readonly runners: RunnerPool;
  readonly secrets: SecretUse;
  readonly quotas: Quotas;
  readonly ignoreLists: IgnoreListStore;
  readonly cache: AnswerCache;
  readonly decisions: DecisionStore;
  readonly config: ConfigStore;
  readonly log: Logger;
  readonly clock: Clock;
  /** Names this process among the nodes; the same after a restart. */
  readonly node: string;
}

/** Who asked for a lookup, and what it belongs to. */
export type LookupOrigin = Pick<RequestSummary, "userId" | "callerClass"> &
  Partial<Pick<RequestSummary, "batchId" | "parentId" | "followUp">> & {
    /** The id that it is to have, where it must be found again; a new one unless told. */
    readonly id?: string;
  };

/** A lookup that is planned and may be run in its context. */
export interface PreparedLookup {
  readonly lookup: LiveLookup;
  readonly planned: readonly PlannedSource[];
  readonly active: TraceContext;
}
export type Prepare = (input: RequestInput, origin: LookupOrigin) => PreparedLookup;

/** What a lookup would do, decided and not begun. */
export interface LookupPlan extends Pick<LiveLookup["request"], "kind" | "data" | "ignoreLists"> {
  readonly planned: readonly PlannedSource[];
}

/** The lookups that this process runs. */
export interface Lookups {
  /** What a lookup would do now. Throws as `start` does. */
  plan(input: RequestInput): LookupPlan;
  /** Starts a lookup; it goes on whoever watches. Throws a problem when the input names no indicator or an unknown source. */
  start(input: RequestInput, origin: LookupOrigin): LiveLookup;
  /** The lookup while this process runs it. */
  live(id: string): LiveLookup | undefined;
  /** Resolves when the lookup, as it is at the time of the call, is in the database. Throws UNAVAILABLE when that takes too long. */
  stored(lookup: LiveLookup): Promise<void>;
  /** Resolves when the lookup has ended and all of it is in the database, or when the time is over. */
  settled(lookup: LiveLookup, waitMs: number): Promise<void>;
  /** Stops a lookup wherever it runs, and whatever follows from it. False: nothing of it was running any more. */
  cancel(id: string): Promise<boolean>;
  /** Resolves when what the database has of who sees the lookups that run here is what they are shown by. */
  refreshVisibility(): Promise<void>;
  /** Takes over lookups that nobody runs any more; returns how many. */
  recover(options?: { readonly ownToo: boolean }): Promise<number>;
  close(): Promise<void>;
}

const renewEveryMs = 5000;
const storeWaitMs = 5000;
const away = "The database cannot be reached, so a lookup could not be kept. Try again in a few seconds.";
const cancelChannel = "lookup_cancel";
const tracer = trace.getTracer("assay.lookups");

export async function createLookups(options: LookupsOptions): Promise<Lookups> {
  const { db, registry, runners, secrets, quotas, ignoreLists, cache, decisions, config, log, clock, node } = options;
  const recorder = createRecorder(db.pool, node, clock, log);
  const lives = new Map<string, LiveLookup>();
  const tools = { runners, secrets, quotas, cache, log, clock };
  const revalidation = createRevalidation(tools);

  /** Starts the work inside the active span, and ends that span with it. */
  const run = (lookup: LiveLookup, planned: readonly PlannedSource[]): void => {
    lives.set(lookup.request.id, lookup);
    const onChange = (): void => {
      const when = lookup.watchers.size > 0 || lookup.status !== "running" ? "at once" : "soon";
      recorder.save(lookup, when).then(
        () => settle(lookup),
        () => drop(lookup),
      );
    };
    const active = context.active();
    const beside = { onChange, revalidate: revalidation.start };
    runLookup(lookup, planned, { ...tools, ...beside }, active)
      .catch((err: unknown) => {
        log.error({ err, lookup: lookup.request.id }, "a lookup broke off");
        drop(lookup);
      })
      .finally(() => trace.getSpan(active)?.end());
    if (lookup.answers.length === 0 && lookup.status === "running") onChange();
  };
  /** What has been stored may be followed; when that is all, the lookup is done. */
  const settle = (lookup: LiveLookup): void => {
    follower.follow(lookup);
    if (isSettled(lookup)) drop(lookup);
  };
  /** Leaves memory; whoever watches is told, and reads the rest from the database. */
  const drop = (lookup: LiveLookup): void => {
    lives.delete(lookup.request.id);
    lookup.gone.resolve();
    for (const watcher of lookup.watchers) watcher();
  };

  const plan = (input: RequestInput): LookupPlan => {
    const settings = config.current();
    const { kind, data } = readIndicator(input);
    const named = input.sourceIds?.map((id, index) => registry.get(id) ?? unknownSource(index, id)) ?? null;
    const held = ignoreLists.match(kind, data);
    const planned = planLookup({
      data,
      kind,
      heldBy: held,
      tlp: input.tlp ?? settings.defaultTlp,
      pap: input.pap ?? settings.defaultPap,
      named: named && [...new Set(named)],
      all: registry.all(),
      languages: { JAVASCRIPT: settings.javascriptEnabled, PYTHON: settings.pythonEnabled },
      secretProblems: secrets.problems,
    });
    const told = held.filter((each) => each.global || planned.some(({ source }) => concerns(each, source.snapshot)));
    return { planned, kind, data, ignoreLists: told.map(({ list, entry }) => ({ list, entry })) };
  };

  /** Plans a lookup; it runs in the context that comes with it, whose span ends with it. */
  const prepare: Prepare = (input, origin) => {
    const { id = newId(), userId, callerClass, batchId = null, parentId = null, followUp } = origin;
    const settings = config.current();
    const tlp = input.tlp ?? settings.defaultTlp;
    const visibility = visibilityOf(tlp, input.visibility, settings.defaultVisibility);
    const span = tracer.startSpan("lookup", { kind: SpanKind.INTERNAL });
    const active = trace.setSpan(context.active(), span);
    return context.with(active, () => {
      const planSpan = tracer.startSpan("lookup.plan");
      const { planned, kind, data, ignoreLists } = plan(input);
      planSpan.end();
      const now = clock.now().getTime();
      const lookup = newLiveLookup({
        request: {
          id,
          data,
          kind,
          tlp,
          pap: input.pap ?? settings.defaultPap,
          visibility,
          createdAt: new Date(now).toISOString(),
          userId,
          callerClass,
          batchId,
          parentId,
          followUp: followUp ?? (input.followUp ? rootState(id, input, input.followUp) : null),
          traceId: span.spanContext().traceId,
          ignoreLists,
        },
        premises: { decision: decisions.about(kind, data), freshDays: freshDaysOf(kind, settings) },
        plan: planned.map(planRow),
        deadlineAtMs: now + (input.deadlineMs ?? settings.lookupDeadlineMs),
        cachedSinceMs: input.refresh ? now : 0,
        takesStale: true,
      });
      return { lookup, planned, active };
    });
  };
  const follower = createFollower({
    pool: db.pool,
    node,
    log,
    registry,
    prepare,
    hold: (lookup) => void lives.set(lookup.request.id, lookup),
    drop,
    run: ({ lookup, planned, active }) => context.with(active, () => run(lookup, planned)),
  });

  const cancelOne = async (id: string): Promise<boolean> => {
    const lookup = lives.get(id);
    if (lookup) {
      lookup.abort.abort();
      return lookup.status === "running";
    }
    const found = await readLookup(db.pool, id);
    if (found?.request.status !== "running") return false;
    await db.notify(cancelChannel, id);
    return true;
  };

  const renewing = setInterval(() => {
    if (lives.size > 0)
      renewLeases(db.pool, node).catch((error: unknown) => log.warn({ err: error }, "leases could not be renewed"));
  }, renewEveryMs);
  await db.listen(cancelChannel, (id) => void (id !== null && lives.get(id)?.abort.abort()));
  const visibility = await watchVisibility(db, lives, log);

  return {
    plan,
    start(input, origin) {
      if (recorder.stalled) fail("UNAVAILABLE", away);
      const { lookup, planned, active } = prepare(input, origin);
      context.with(active, () => run(lookup, planned));
      return lookup;
    },
    live: (id) => lives.get(id),
    async stored(lookup) {
      const saved = recorder.save(lookup, "at once").then(() => true);
      if (!(await within(saved, storeWaitMs))) fail("UNAVAILABLE", away);
    },
    settled: async (lookup, waitMs) => void (await within(lookup.gone.promise, waitMs)),
    async cancel(id) {
      const isAlone = lives.get(id)?.request.followUp === null;
      const ids = [id, ...(isAlone ? [] : await follower.stop(id))];
      return (await Promise.all(ids.map(cancelOne))).includes(true);
    },
    refreshVisibility: visibility.refresh,
    async recover({ ownToo } = { ownToo: false }) {
      const ids = await claimOrphans(db.pool, node, { ownToo, most: 1000 });
      for (const id of ids) {
        const found = await readLookup(db.pool, id);
        if (!found || lives.has(id)) continue;
        const { lookup, planned } = resumePlan(found, registry, clock.now().getTime());
        const span = tracer.startSpan("lookup.resume", { root: true });
        context.with(trace.setSpan(ROOT_CONTEXT, span), () => run(lookup, planned));
      }
      // Of what changed between reading one and running it nothing was heard.
      if (ids.length > 0) await visibility.refresh();
      await follower.recover(ownToo);
      if (ids.length > 0) log.info({ lookups: ids.length }, "took over lookups that nobody ran any more");
      return ids.length;
    },
    async close() {
      clearInterval(renewing);
      await revalidation.close();
      await recorder.close();
      await follower.close();
    },
  };
}

function unknownSource(index: number, id: string): never {
  fail("UNKNOWN_SOURCE", `There is no source ${id}`, [
    { field: `body.sourceIds[${index}]`, message: "no source has this id" },
  ]);
}

function planRow({ source, problems }: PlannedSource): PlanRow {
  return { source: source.snapshot, problems: [...problems] };
}

/** What the promise resolves to, or undefined when the time is over first. */
async function within<T>(promise: Promise<T>, timeMs: number): Promise<T | undefined> {
  const over = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => over.resolve(undefined), timeMs);
  try {
    return await Promise.race([promise, over.promise]);
  } finally {
    clearTimeout(timer);
  }
}
