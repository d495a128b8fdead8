import type { Redis } from "ioredis";
import type { RedisConnection } from "../../limits/redis.ts";

/** Lets nobody wait for a Redis that does not answer: after one that was not in time, nothing is asked for a while. */
export interface RedisDoor {
  /** Rejects while Redis is away, and when it does not answer in time. */
  ask<T>(work: (redis: Redis) => Promise<T>): Promise<T>;
  /** Why it cannot be used now; null: it can. */
  trouble(): string | null;
}

/** Far more than a round trip, far less than somebody minds. */
const answerMs = 400;
/** The wait is cut in turns, so that a time in which this process itself was busy counts as one of them. */
const turns = 4;
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
      let timer: NodeJS.Timeout | undefined;
      const wait = (turnsLeft: number): void => {
        timer = setTimeout(() => (turnsLeft > 1 ? wait(turnsLeft - 1) : tooLate()), answerMs / turns);
      };
      const tooLate = (): void => {
        restsUntilMs = performance.now() + restMs;
        late.reject(new Error(`Redis did not answer within ${answerMs} ms`));
      };
      wait(turns);
      try {
        const answer = work(connection.client);
        answer.catch(() => undefined);
        return await Promise.race([answer, late.promise]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
