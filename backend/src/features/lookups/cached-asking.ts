import type { AnswerCache as CacheWords } from "@assay/contract";
import type { Clock } from "../../context.ts";
import type { AnswerCache } from "../cache/answer-cache.ts";
import { type AskedIndicator, type CacheKey, cacheKeyOf } from "../cache/cache-key.ts";
import { type CachedAnswer, cachedAnswerOf } from "../cache/cached-answer.ts";
import type { Seat } from "../cache/flights.ts";
import type { Lease } from "../cache/leases.ts";
import { isKept, isShareable, lifetimeSecondsOf } from "../cache/lifetime.ts";
import { answerFromCache, type Asked, type CacheWordsOf, notCached, type WrittenAnswer } from "./answer.ts";
import { allEnded } from "./all-ended.ts";
import type { LiveLookup } from "./live-lookup.ts";
import type { PlannableSource } from "./plannable.ts";

export interface CachedAskingOptions {
  /** null: everything is asked. */
  readonly cache: AnswerCache | null;
  readonly lookup: LiveLookup;
  readonly clock: Clock;
  /** The indicator as the source is asked about it. */
  readonly indicatorOf: (source: PlannableSource) => AskedIndicator;
  readonly asked: (source: PlannableSource) => Asked;
  /** Asks the sources; each gets its answer through `add`. */
  readonly ask: (sources: readonly PlannableSource[]) => Promise<void>;
  readonly add: (source: PlannableSource, written: WrittenAnswer) => void;
  /** Has a source asked anew, beside all lookups. */
  readonly revalidate: (source: PlannableSource) => void;
}

export interface CachedAsking {
  /** Answers from the cache or with what others are being told at the moment, and asks the rest. Once. */
  ask(sources: readonly PlannableSource[]): Promise<void>;
  /** What an answer that the source gives now says of the cache. */
  wordsOf(source: PlannableSource): CacheWordsOf;
  /** When everything was given as a hit in one go; null: something was not. */
  allGivenAtMs(): number | null;
  /** Takes every answer of a source that was asked: those who wait for the same get it too. */
  answered(source: PlannableSource, written: WrittenAnswer): void;
}

/** A source that this lookup asks for itself, and maybe for others. */
interface Call {
  readonly source: PlannableSource;
  readonly key: CacheKey;
  readonly indicator: AskedIndicator;
  readonly seat: Seat | null;
  /** null: what comes is not kept. */
  readonly generation: string | null;
  lease: Lease | null;
  startedAtMs: number;
}

/**
 * The cache in front of the sources of one lookup. A lookup under TLP:RED takes what is there, and leaves nothing that tells others
 * of it: it keeps nothing, shares no call and has nothing asked anew.
 */
export function createCachedAsking(options: CachedAskingOptions): CachedAsking {
  const { cache, lookup, clock, indicatorOf, asked, ask, add } = options;
  const calls = new Map<PlannableSource, Call>();
  /** Should this break off, whoever waits for one of them is let go. */
  const begun: Call[] = [];
  const isSecret = lookup.request.tlp === "RED";
  const { signal } = lookup.abort;
  const nowMs = (): number => clock.now().getTime();

  /** So many are asked. */
  let asking = 0;
  let allGivenAtMs: number | null = null;

  const give = (
    source: PlannableSource,
    cached: CachedAnswer,
    state: "hit" | "stale" | "coalesced",
    given: Asked = asked(source),
  ): void => {
    if (cache) cache.counts.add(source.snapshot.id, state === "hit" ? "hits" : state);
    add(source, answerFromCache(source, cached, state, given));
  };
  const start = (starting: readonly Call[], beside: readonly PlannableSource[] = []): Promise<void> => {
    for (const call of starting) {
      call.startedAtMs = nowMs();
      calls.set(call.source, call);
      cache?.counts.add(call.source.snapshot.id, "misses");
    }
    return ask([...starting.map(({ source }) => source), ...beside]);
  };
  /** Whether another's call has landed between the reading and the lease; then its answer is given. */
  const hasLanded = ({ source, key, seat, generation, lease }: Call): boolean => {
    const { answer = null, generation: current = null } = lease?.found ?? {};
    if (!cache || !answer || generation === null || current !== generation) return false;
    if (answer.fetchedAtMs < lookup.cachedSinceMs || nowMs() >= answer.expiresAtMs) return false;
    seat?.end(answer);
    void cache.land(key, lease, null, null);
    give(source, answer, "hit");
    return true;
  };
  /** Makes the calls that no other node makes, and waits for those that another one does. */
  const lead = async (leading: readonly Call[], beside: readonly PlannableSource[] = []): Promise<void> => {
    const shared = cache?.isShared ? leading.filter(({ seat, source }) => seat && isKept(source.cacheLifetimes)) : [];
    const leases = cache && shared.length > 0 ? await cache.takeLeases(shared.map(({ key }) => key)) : [];
    for (const [at, call] of shared.entries()) call.lease = leases[at] ?? null;
    const isOwn = ({ lease }: Call): boolean => lease === null || lease.own;
    await allEnded([
      start(
        leading.filter((call) => isOwn(call) && !hasLanded(call)),
        beside,
      ),
      ...leading.filter((call) => !isOwn(call)).map(followNode),
    ]);
  };
  const followNode = async (call: Call): Promise<void> => {
    if (!cache || !call.lease) return;
    const came = await cache.follow(call.key, call.lease.flight, signal);
    if (came === "left") return call.seat?.end(null);
    if ("answer" in came) {
      call.seat?.end(came.answer);
      return give(call.source, came.answer, "coalesced");
    }
    call.lease = came.lease;
    return hasLanded(call) ? undefined : start([call]);
  };
  const follow = async (call: Call): Promise<void> => {
    if (call.seat?.role !== "follower") return;
    const arrival = await call.seat.arrival;
    if (arrival === "left") return;
    if (arrival === "lead") return lead([call]);
    give(call.source, arrival.answer, "coalesced");
  };
  const callOf = (source: PlannableSource, key: CacheKey, generation: string | null): Call => {
    const call: Call = {
      source,
      key,
      indicator: indicatorOf(source),
      seat: isSecret || !cache ? null : cache.join(key.digest, signal),
      generation: isSecret ? null : generation,
      lease: null,
      startedAtMs: 0,
    };
    begun.push(call);
    return call;
  };
  /** Gives what the cache has; returns the rest, each with the generation of what may be written in its place. */
  const takeKept = async (cache: AnswerCache, sources: readonly PlannableSource[]): Promise<Call[]> => {
    const keys = sources.map((source) => cacheKeyOf(source, indicatorOf(source)));
    const readings = keys.length === 0 ? [] : await cache.store.read(keys);
    const now = nowMs();
    const missed: Call[] = [];
    let hits = 0;
    for (const [at, source] of sources.entries()) {
      const reading = readings?.[at];
      const cached = reading?.answer;
      const isTaken = cached && cached.fetchedAtMs >= lookup.cachedSinceMs;
      const isStale = isTaken && now >= cached.expiresAtMs;
      if (isTaken && !isStale) {
        give(source, cached, "hit", { ...asked(source), endedAtMs: now });
        hits++;
      } else if (isTaken && now < cached.goneAtMs && !isSecret && lookup.takesStale) {
        give(source, cached, "stale");
        options.revalidate(source);
      } else {
        const key = keys[at];
        if (key) missed.push(callOf(source, key, reading?.generation ?? null));
      }
    }
    if (hits === asking) allGivenAtMs = now;
    return missed;
  };
  const askAll = async (cache: AnswerCache, sources: readonly PlannableSource[]): Promise<void> => {
    asking = sources.length;
    const plain = sources.filter((source) => !source.cacheEnabled);
    const used = sources.filter((source) => source.cacheEnabled);
    const kept = used.filter(({ cacheLifetimes }) => isKept(cacheLifetimes));
    const unkept = used
      .filter(({ cacheLifetimes }) => !isKept(cacheLifetimes))
      .map((source) => callOf(source, cacheKeyOf(source, indicatorOf(source)), null));
    const isLeader = ({ seat }: Call): boolean => seat?.role !== "follower";
    // A round trip to Redis is not waited for by those that need none; in memory, all go on one stream.
    const early = cache.isShared || kept.length === 0;
    const others = async (): Promise<void> => {
      const missed = kept.length === 0 ? [] : await takeKept(cache, kept);
      if (allGivenAtMs !== null) return;
      const later = early ? missed : [...unkept, ...missed];
      await allEnded([
        lead(later.filter(isLeader), early ? [] : plain),
        ...[...unkept, ...missed].filter((call) => !isLeader(call)).map(follow),
      ]);
    };
    const atOnce = early && unkept.length + plain.length > 0;
    await (atOnce ? allEnded([lead(unkept.filter(isLeader), plain), others()]) : others());
  };

  return {
    async ask(sources) {
      if (!cache) return ask(sources);
      try {
        await askAll(cache, sources);
      } catch (error) {
        for (const { seat, key, lease } of begun) {
          seat?.end(null);
          if (lease?.own) void cache.land(key, lease, null, null);
        }
        throw error;
      }
    },
    wordsOf(source) {
      const call = calls.get(source);
      if (!cache || !call || call.generation === null) return notCached;
      const isAway = cache.store.trouble() !== null;
      return (outcome, problems, fetchedAtMs): CacheWords => {
        const lifetimeMs = lifetimeSecondsOf(source.cacheLifetimes, { outcome, problems }) * 1000;
        if (lifetimeMs === 0 || isAway) return notCached();
        return { state: "stored", ageSeconds: 0, expiresAt: new Date(fetchedAtMs + lifetimeMs).toISOString() };
      };
    },
    allGivenAtMs: () => allGivenAtMs,
    answered(source, { answer }) {
      const call = calls.get(source);
      if (!cache || !call) return;
      calls.delete(source);
      const cutShort = lookup.deadlineAtMs - call.startedAtMs <= source.timeoutMs;
      const isForOthers = !signal.aborted && isShareable(answer, cutShort);
      const cached = isForOthers
        ? cachedAnswerOf(answer, call.indicator, source.cacheLifetimes, call.lease?.flight ?? null)
        : null;
      call.seat?.end(cached);
      // Who waits on another node reads it; nobody here waits for the writing.
      void cache.land(call.key, call.lease, cached, call.generation);
    },
  };
}
