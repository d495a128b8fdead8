import type { RedisConnection } from "../../limits/redis.ts";
import type { QuotaCounter, QuotaDecision, WindowStanding } from "./quota-counter.ts";
import { bucketsPerWindow } from "./quota-rules.ts";
import { quotaScript } from "./quota-script.ts";

/** For what an upstream said, which holds for a day at the most, and a little more. */
const keepMs = 2 * 86_400_000;

/** Counts in Redis: for all nodes, by its clock (which a test's script may replace). Rejects while Redis is away. */
export function createRedisCounter(
  { client }: Pick<RedisConnection, "client">,
  script: string = quotaScript,
): QuotaCounter {
  // Sent by its hash; the text follows where Redis does not know it (any more).
  client.defineCommand("assayQuota", { lua: script });
  const run = async (subjects: readonly string[], input: object): Promise<unknown> => {
    const keys = subjects.map((subject) => `assay:quota:${subject}`);
    const text = JSON.stringify({ ...input, buckets: bucketsPerWindow, keepMs });
    const { assayQuota } = client as unknown as { assayQuota(...args: (string | number)[]): Promise<string> };
    return JSON.parse(await assayQuota.call(client, keys.length, ...keys, text));
  };
  const subjectsOf = (rules: readonly { readonly subject: string }[]): string[] =>
    rules.map(({ subject }) => subject);
  return {
    async reserve(rules, asks) {
      return asks.length === 0 ? [] : ((await run(subjectsOf(rules), { op: "reserve", rules, asks })) as QuotaDecision[]);
    },
    async settle(settlements) {
      if (settlements.length === 0) return;
      await run(subjectsOf(settlements.map(({ rule }) => rule)), { op: "settle", settlements });
    },
    async peek(rules) {
      if (rules.length === 0) return [];
      const found = (await run(subjectsOf(rules), { op: "peek", rules })) as (WindowStanding[] | object)[];
      // An empty list comes back as an empty object.
      return found.map((windows) => (Array.isArray(windows) ? windows : []));
    },
    forgetTold: async (subject) => void (await run([subject], { op: "forget" })),
  };
}
