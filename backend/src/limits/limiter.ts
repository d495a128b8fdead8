import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import type { RedisConnection } from "./redis.ts";

export interface Taken {
  readonly allowed: boolean;
  readonly remaining: number;
  /** Until the count starts anew; at least 1. */
  readonly resetSeconds: number;
}

/** Counts per key, in windows of a fixed length. */
export interface Limiter {
  readonly windowSeconds: number;
  /** Counts one more; `most` may be another each time. */
  take(key: string, most: number): Promise<Taken>;
  /** Takes one back. */
  giveBack(key: string): Promise<void>;
  /** Whether anything has been counted in this window. */
  isKnown(key: string): Promise<boolean>;
  clear(key: string): Promise<void>;
}

/** Makes limiters that count in Redis where there is one, and in this process's memory without one or while it is away. */
export interface Limiters {
  create(name: string, windowSeconds: number): Limiter;
  /** null: no Redis is configured. */
  readonly redis: RedisConnection | null;
}

export function createLimiters(redis: RedisConnection | null): Limiters {
  return {
    redis,
    create(name, windowSeconds) {
      const options = { keyPrefix: `assay:limit:${name}`, points: 1, duration: windowSeconds };
      const memory = new RateLimiterMemory(options);
      const limiter = redis
        ? new RateLimiterRedis({
            ...options,
            storeClient: redis.client,
            rejectIfRedisNotReady: true,
            insuranceLimiter: memory,
          })
        : memory;
      return {
        windowSeconds,
        async take(key, most) {
          limiter.points = most;
          memory.points = most;
          try {
            return takenOf(await limiter.consume(key), true);
          } catch (refusal) {
            if (refusal instanceof RateLimiterRes) return takenOf(refusal, false);
            throw refusal;
          }
        },
        giveBack: async (key) => void (await limiter.reward(key)),
        isKnown: async (key) => ((await limiter.get(key))?.consumedPoints ?? 0) > 0,
        clear: async (key) => void (await limiter.delete(key)),
      };
    },
  };
}

function takenOf({ remainingPoints, msBeforeNext }: RateLimiterRes, allowed: boolean): Taken {
  return { allowed, remaining: remainingPoints, resetSeconds: Math.max(1, Math.ceil(msBeforeNext / 1000)) };
}
