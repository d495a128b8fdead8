import type { Redis } from "ioredis";
import type { RedisConnection } from "../../limits/redis.ts";

/** Lets nobody wait for a Redis that does not answer: after one that was not in time, nothing is asked for a while. */
export interface RedisDoor {
  /** Rejects while Redis is away, and when it does not answer in time. */
  ask<T>(work: (redis: Redis) => Promise<T>): Promise<T>;
  /** Why it cannot be used now; null: it can. */
  trouble(): string | null;
}

/** Far more than a round trip, far less than somebody notices. */
const answerMs = 200;
const restMs = 2_000;

export function createRedisDoor(connection: RedisConnection): RedisDoor {
  let restsUntilMs = 0;
  const trouble = (): string | null =>
    connection.trouble() ?? (performance.now() < restsUntilMs ? `it does not answer within ${answerMs} ms` : null);
  return {
    trouble,
    async ask(work) {
      const reason = trouble();
      if (reason !== null) throw new Error(`Redis cannot be used: ${reason}`);
      const late = Promise.withResolvers<never>();
      let isOver = false;
      const tooLate = (): void => {
        if (isOver) return;
        restsUntilMs = performance.now() + restMs;
        late.reject(new Error(`Redis did not answer within ${answerMs} ms`));
      };
      // Whatever has come in while this process itself was busy is read before the verdict.
      const timer = setTimeout(() => setImmediate(tooLate), answerMs);
      try {
        const answer = work(connection.client);
        answer.catch(() => undefined);
        return await Promise.race([answer, late.promise]);
      } finally {
        isOver = true;
        clearTimeout(timer);
      }
    },
  };
}
