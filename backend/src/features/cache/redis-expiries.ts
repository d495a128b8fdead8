import type { Redis } from "ioredis";
import type { Expiry } from "./answer-store.ts";
import type { CacheKey } from "./cache-key.ts";
import type { RedisDoor } from "./redis-door.ts";
import { generationsOf, validUnder } from "./redis-generations.ts";
import { redisNames as names } from "./redis-names.ts";
import { headsScript } from "./redis-scripts.ts";
import { type Seal, type SealedHead, sealedHeadBytes } from "./sealed-answer.ts";

/** Until when the answers of the keys are kept, from the heads of their texts alone. Rejects while Redis is away. */
export async function expiriesInRedis(
  door: RedisDoor,
  seal: Seal,
  keys: readonly CacheKey[],
): Promise<readonly (Expiry | null)[]> {
  if (keys.length === 0) return [];
  const sourceIds = [...new Set(keys.map(({ sourceId }) => sourceId))];
  const ofSources = [names.allGeneration, ...sourceIds.map(names.sourceGeneration)];
  const [heads, [all, ...rest]] = await door.ask((redis) =>
    Promise.all([textsOf(redis, keys), redis.mget(...ofSources)]),
  );
  const ofSource = new Map(sourceIds.map((id, at) => [id, rest[at]]));
  const found = keys.flatMap((key, at): Found[] => {
    const generation = ofSource.get(key.sourceId);
    const head = heads[at] && all && generation ? seal.readHead(key.digest, heads[at]) : null;
    return head ? [{ key, at, head, generation: `${all}.${generation}.` }] : [];
  });
  const pairs = await pairGenerations(door, found);
  const expiries = keys.map((): Expiry | null => null);
  for (const { key, at, head, generation } of found)
    if (validUnder(head.generation) === validUnder(generation + (pairs.get(key) ?? ""))) expiries[at] = head;
  return expiries;
}

interface Found {
  readonly key: CacheKey;
  readonly at: number;
  readonly head: SealedHead;
  /** Of all and of the source, as they are now. */
  readonly generation: string;
}

async function textsOf(redis: Redis, keys: readonly CacheKey[]): Promise<string[]> {
  const entries = keys.map(({ sourceId, digest }) => names.entry(sourceId, digest));
  return (await redis.eval(headsScript, entries.length, ...entries, sealedHeadBytes - 1)) as string[];
}

/** Only of sources of which single indicators were cleared at all, which the generation of the source tells. */
async function pairGenerations(door: RedisDoor, found: readonly Found[]): Promise<ReadonlyMap<CacheKey, string>> {
  const keys = found.filter(({ generation }) => generation.includes("/")).map(({ key }) => key);
  if (keys.length === 0) return new Map();
  const generations = await door.ask((redis) => redis.mget(keys.map((key) => generationsOf(key)[2])));
  return new Map(keys.map((key, at) => [key, generations[at] ?? ""]));
}
