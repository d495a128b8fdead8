import type { Expiry } from "./answer-store.ts";
import type { CacheKey } from "./cache-key.ts";
import type { RedisDoor } from "./redis-door.ts";
import { generationsOf, validUnder } from "./redis-generations.ts";
import { redisNames as names } from "./redis-names.ts";
import { type Seal, sealedHeadBytes } from "./sealed-answer.ts";

/** Until when the answers of the keys are kept, from the heads of their texts alone. Rejects while Redis is away. */
export async function expiriesInRedis(
  door: RedisDoor,
  seal: Seal,
  keys: readonly CacheKey[],
): Promise<readonly (Expiry | null)[]> {
  if (keys.length === 0) return [];
  const [first, ...heads] = await door.ask(async (redis) => {
    const pipeline = redis.pipeline().mget(names.allGeneration, ...keys.flatMap((key) => generationsOf(key).slice(1)));
    for (const { sourceId, digest } of keys) pipeline.getrange(names.entry(sourceId, digest), 0, sealedHeadBytes - 1);
    return (await pipeline.exec()) ?? [];
  });
  if (!first || first[0]) throw first?.[0] ?? new Error("Redis gave no results");
  const [all, ...generations] = first[1] as (string | null)[];
  return keys.map(({ digest }, at) => {
    const [ofSource, ofPair] = generations.slice(2 * at, 2 * at + 2);
    const head = all && ofSource ? seal.readHead(digest, textOf(heads[at])) : null;
    const isValid = head !== null && validUnder(head.generation) === validUnder(`${all}.${ofSource}.${ofPair ?? ""}`);
    return isValid ? head : null;
  });
}

/** Something else than a text in the place of an answer is a miss. */
function textOf(result: [Error | null, unknown] | undefined): string {
  const [error, text] = result ?? [];
  if (error && error.name !== "ReplyError") throw error;
  return typeof text === "string" ? text : "";
}
