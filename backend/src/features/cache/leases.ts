import { newId } from "../../ids.ts";
import type { Reading } from "./answer-store.ts";
import type { CacheKey } from "./cache-key.ts";
import type { CachedAnswer } from "./cached-answer.ts";
import type { RedisDoor } from "./redis-door.ts";
import { redisNames as names } from "./redis-names.ts";
import type { Seal } from "./sealed-answer.ts";

/** `own`: this process makes the call. Else the flight is another node's. */
export interface Lease {
  readonly flight: string;
  readonly own: boolean;
  /** What is in the store by now: somebody else's flight may have landed after it was looked for in vain. */
  readonly found: Reading | null;
}

export type Landing = { readonly answer: CachedAnswer } | "under way" | "nobody flies it";

/** Lets one node at a time make a call. A lease that its node does not renew any more ends by itself. */
export interface Leases {
  /** In the order of the keys; null: it cannot be said, so everybody makes their own calls. */
  take(keys: readonly CacheKey[]): Promise<readonly Lease[] | null>;
  /** What has become of another node's flight. Rejects while Redis is away. */
  look(key: CacheKey, flight: string): Promise<Landing>;
  /** Ends an own flight; `answer` is for those who wait, where it is not in the store. Never rejects. */
  end(key: CacheKey, flight: string, answer: CachedAnswer | null): Promise<void>;
  close(): void;
}

const leaseMs = 5_000;
const renewEveryMs = 1_500;
/** Followers look several times a second. */
const landingMs = 10_000;

const renewScript = `if redis.call("get", KEYS[1]) == ARGV[1] then return redis.call("pexpire", KEYS[1], ARGV[2]) else return 0 end`;
const endScript = `if redis.call("get", KEYS[1]) == ARGV[1] then return redis.call("del", KEYS[1]) else return 0 end`;

export function createLeases(door: RedisDoor, seal: Seal): Leases {
  const held = new Map<string, string>();
  const renewing = setInterval(() => {
    if (held.size === 0) return;
    door
      .ask((redis) => {
        const pipeline = redis.pipeline();
        for (const [name, flight] of held) pipeline.eval(renewScript, 1, name, flight, leaseMs);
        return pipeline.exec();
      })
      // The lease ends, and another node may make the same call: no more than that.
      .catch(() => undefined);
  }, renewEveryMs);
  renewing.unref();

  return {
    async take(keys) {
      const flights = keys.map(() => newId());
      try {
        const results = await door.ask((redis) => {
          const pipeline = redis.pipeline();
          for (const [at, { sourceId, digest }] of keys.entries()) {
            pipeline.set(names.lease(digest), flights[at] ?? "", "PX", leaseMs, "NX");
            pipeline.get(names.lease(digest)).get(names.entry(sourceId, digest));
          }
          return pipeline.exec();
        });
        return keys.map(({ digest }, at): Lease => {
          const flight = flights[at] ?? "";
          const [holder, stored] = [results?.[3 * at + 1]?.[1], results?.[3 * at + 2]?.[1]];
          const found = typeof stored === "string" ? seal.read(digest, stored) : null;
          if (typeof holder === "string" && holder !== flight) return { flight: holder, own: false, found };
          if (holder === flight) held.set(names.lease(digest), flight);
          return { flight, own: true, found };
        });
      } catch {
        return null;
      }
    },
    async look({ sourceId, digest }, flight) {
      const [stored, landed, holder] = await door.ask((redis) =>
        redis.mget(names.entry(sourceId, digest), names.landing(flight), names.lease(digest)),
      );
      const found = stored ? seal.read(digest, stored) : null;
      if (found?.answer.flight === flight) return { answer: found.answer };
      const told = landed ? seal.read(digest, landed) : null;
      if (told?.answer.flight === flight) return { answer: told.answer };
      return holder === flight ? "under way" : "nobody flies it";
    },
    async end({ digest }, flight, answer) {
      held.delete(names.lease(digest));
      await door
        .ask((redis) => {
          const pipeline = redis.pipeline();
          if (answer) pipeline.set(names.landing(flight), seal.write(digest, answer, ""), "PX", landingMs);
          return pipeline.eval(endScript, 1, names.lease(digest), flight).exec();
        })
        .catch(() => undefined);
    },
    close: () => clearInterval(renewing),
  };
}
