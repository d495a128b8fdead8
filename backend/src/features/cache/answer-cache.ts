import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "@assay/process";
import type { Clock } from "../../context.ts";
import type { Database } from "../../db/database.ts";
import type { RedisConnection } from "../../limits/redis.ts";
import type { AnswerStore, ClearScope } from "./answer-store.ts";
import type { CacheKey } from "./cache-key.ts";
import { type CachedAnswer, isKeptAnswer } from "./cached-answer.ts";
import { createCacheCounts, type CacheCounts } from "./cache-counts.ts";
import { followClearings } from "./clearings.ts";
import { createFlights, type Flights } from "./flights.ts";
import { createLeases, type Lease } from "./leases.ts";
import { createMemoryStore } from "./memory-store.ts";
import { createRedisDoor } from "./redis-door.ts";
import { createRedisStore } from "./redis-store.ts";
import { createSeal } from "./sealed-answer.ts";

/** What comes of another node's flight: its answer, the lease, as nobody flies it any more, or nothing, as nobody waits. */
export type RemoteArrival = { readonly answer: CachedAnswer } | { readonly lease: Lease | null } | "left";

export interface AnswerCache extends Flights {
  readonly store: AnswerStore;
  readonly counts: CacheCounts;
  /** Answers and flights are those of all nodes. */
  readonly isShared: boolean;
  /** Leave to make the calls, in the order of the keys; null: without asking other nodes. Never rejects. */
  takeLeases(keys: readonly CacheKey[]): Promise<readonly (Lease | null)[]>;
  /** Waits for another node's flight. Never rejects. */
  follow(key: CacheKey, flight: string, signal: AbortSignal): Promise<RemoteArrival>;
  /** Keeps an answer, tells other nodes of it and gives the lease back; `generation` null: it is not kept. Never rejects. */
  land(key: CacheKey, lease: Lease | null, answer: CachedAnswer | null, generation: string | null): Promise<void>;
  clear(scope: ClearScope): Promise<number>;
  close(): void;
}

export interface AnswerCacheOptions {
  readonly db: Database;
  readonly redis: RedisConnection | null;
  /** They seal what is in Redis. */
  readonly encryptionKeys: readonly { readonly key: Buffer }[];
  /** Of the memory of this process; not used with Redis. */
  readonly memoryBytesMax: number;
  readonly clock: Clock;
  readonly log: Logger;
}

const lookEveryMsMax = 150;

/** The cache of answers: in Redis where there is one, which while it is away is done without; else in this process. */
export async function openAnswerCache(options: AnswerCacheOptions): Promise<AnswerCache> {
  const { db, redis, clock, log } = options;
  const seal = createSeal(options.encryptionKeys);
  const door = redis && createRedisDoor(redis);
  const store = door ? createRedisStore(door, seal, log) : createMemoryStore(options.memoryBytesMax);
  const leases = door && createLeases(door, seal);
  const nowMs = (): number => clock.now().getTime();
  const tellClearing = door ? null : await followClearings(db, (scope) => store.clear(scope, nowMs()), log);

  const follow: AnswerCache["follow"] = async (key, flight, signal) => {
    if (!leases) return { lease: null };
    for (let waitMs = 20; !signal.aborted; waitMs = Math.min(lookEveryMsMax, waitMs * 1.5)) {
      await delay(waitMs, undefined, { signal }).catch(() => undefined);
      const landing = await leases.look(key, flight).catch(() => null);
      // Without Redis everybody makes their own call.
      if (landing === null) return { lease: null };
      if (typeof landing === "object") return landing;
      if (landing === "under way") continue;
      const [lease] = (await leases.take([key])) ?? [];
      if (!lease || lease.own) return { lease: lease ?? null };
      flight = lease.flight;
    }
    return "left";
  };

  return {
    store,
    counts: createCacheCounts(clock),
    isShared: door !== null,
    ...createFlights(),
    takeLeases: async (keys) => (keys.length === 0 ? [] : await leases?.take(keys)) ?? keys.map(() => null),
    follow,
    async land(key, lease, answer, generation) {
      const isKept = answer !== null && generation !== null && isKeptAnswer(answer);
      // Redis went away: health says so, and the answer is given without being kept.
      const kept = isKept && (await store.write(key, answer, generation).catch(() => false));
      if (leases && lease) await leases.end(key, lease.flight, kept ? null : answer);
    },
    async clear(scope) {
      const removed = await store.clear(scope, nowMs());
      await tellClearing?.(scope);
      return removed;
    },
    close: () => leases?.close(),
  };
}
