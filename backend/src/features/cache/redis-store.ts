import type { Logger } from "@assay/process";
import { newId } from "../../ids.ts";
import type { AnswerStore, ListPosition, Reading, StoredAnswer } from "./answer-store.ts";
import type { CacheKey } from "./cache-key.ts";
import { expiriesInRedis } from "./redis-expiries.ts";
import { generationsOf, validUnder } from "./redis-generations.ts";
import { redisNames as names } from "./redis-names.ts";
import { takeScript, touchScript, writeScript } from "./redis-scripts.ts";
import type { RedisDoor } from "./redis-door.ts";
import type { Seal } from "./sealed-answer.ts";

/** Longer than any answer is kept. */
const generationSeconds = 130 * 86_400;
const removedAtOnce = 500;

/**
 * Keeps answers in Redis, for every node:
 *
 *     e:<source>:<digest>         an answer, sealed, until it is gone
 *     i:<source>                  sorted set of the source's digests by the time when they are gone
 *     sources                     set of the sources that have an index
 *     g:all, g:<source>           generations; a clearing gives them a new one. Under one that Redis has dropped nothing is valid
 *     g:<source>:<indicator>      the same of one indicator, where it was cleared; g:<source> changes behind its "/" with it
 */
export function createRedisStore(door: RedisDoor, seal: Seal, log: Logger): AnswerStore {
  /** Deletes what a set of digests names, then the set. */
  const sweep = async (sourceId: string, index: string): Promise<void> => {
    for (;;) {
      const digests = await door.ask((redis) => redis.zpopmin(index, removedAtOnce));
      const entries = digests.filter((_, at) => at % 2 === 0).map((digest) => names.entry(sourceId, digest));
      if (entries.length === 0) return;
      await door.ask((redis) => redis.unlink(...entries));
    }
  };
  const drop = async (sourceId: string): Promise<number> => {
    const old = `${names.index(sourceId)}:${newId()}`;
    // Renamed first, so that what is written meanwhile stays; gone for readers since the new generation.
    const count = Number(await door.ask((redis) => redis.eval(takeScript, 2, names.index(sourceId), old)));
    if (count === 0) return 0;
    sweep(sourceId, old).catch((err: unknown) =>
      log.warn({ err, sourceId }, "cleared answers wait in Redis until they expire"),
    );
    return count;
  };
  const sourcesOf = (): Promise<string[]> => door.ask((redis) => redis.smembers(names.sources));

  const begin = (generations: ReadonlySet<string>): Promise<unknown> =>
    door.ask((redis) => {
      const pipeline = redis.pipeline();
      for (const name of generations) pipeline.set(name, newId(), "EX", generationSeconds, "NX");
      return pipeline.exec();
    });
  const readOnce = async (keys: readonly CacheKey[]): Promise<{ readings: Reading[]; lacking: Set<string> }> => {
    const wanted = keys.flatMap((key) => [...generationsOf(key).slice(1), names.entry(key.sourceId, key.digest)]);
    const [all, ...rest] = await door.ask((redis) => redis.mget(names.allGeneration, ...wanted));
    const lacking = new Set<string>(all ? [] : [names.allGeneration]);
    const readings = keys.map(({ sourceId, digest }, at): Reading => {
      const [ofSource, ofPair, text] = rest.slice(3 * at, 3 * at + 3);
      if (!ofSource) lacking.add(names.sourceGeneration(sourceId));
      const generation = `${all ?? ""}.${ofSource ?? ""}.${ofPair ?? ""}`;
      const found = all && ofSource && text ? seal.read(digest, text) : null;
      const isValid = found !== null && validUnder(found.generation) === validUnder(generation);
      return { answer: isValid ? found.answer : null, generation };
    });
    return { readings, lacking };
  };

  const read: AnswerStore["read"] = async (keys) => {
    if (keys.length === 0) return [];
    try {
      const { readings, lacking } = await readOnce(keys);
      if (lacking.size === 0) return readings;
      await begin(lacking);
      return (await readOnce(keys)).readings;
    } catch {
      return null;
    }
  };

  return {
    driver: "redis",
    trouble: door.trouble,
    read,
    expiries: (keys) => expiriesInRedis(door, seal, keys).catch(() => null),
    async write(key, answer, generation) {
      const { sourceId, digest } = key;
      const text = seal.write(digest, answer, generation);
      const forMs = Math.max(1, Math.ceil(answer.goneAtMs - answer.fetchedAtMs));
      const where = [...generationsOf(key), names.entry(sourceId, digest), names.index(sourceId), names.sources];
      const onlyNew = answer.said.outcome === "failed" ? "NX" : "";
      const what = [generation, text, forMs, onlyNew, answer.goneAtMs, digest, sourceId];
      return (await door.ask((redis) => redis.eval(writeScript, where.length, ...where, ...what))) === 1;
    },
    async clear(scope) {
      const renewed =
        "all" in scope
          ? [names.allGeneration]
          : "sourceId" in scope
            ? [names.sourceGeneration(scope.sourceId)]
            : scope.keys.map((key) => names.pairGeneration(key.sourceId, key.indicatorDigest));
      await door.ask(async (redis) => {
        const pipeline = redis.pipeline();
        for (const name of renewed) pipeline.set(name, newId(), "EX", generationSeconds);
        for (const { sourceId } of "keys" in scope ? scope.keys : [])
          pipeline.eval(touchScript, 1, names.sourceGeneration(sourceId), newId(), newId(), generationSeconds);
        // What is told to be cleared must be: one command that fails makes none of the others fail.
        for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
      });
      if ("keys" in scope) {
        return door.ask(async (redis) => {
          const pipeline = redis.pipeline();
          for (const { sourceId, digest } of scope.keys)
            pipeline.unlink(names.entry(sourceId, digest)).zrem(names.index(sourceId), digest);
          const results = (await pipeline.exec()) ?? [];
          return results.filter(([, count], at) => at % 2 === 0 && count === 1).length;
        });
      }
      const sourceIds = "all" in scope ? await sourcesOf() : [scope.sourceId];
      return (await Promise.all(sourceIds.map(drop))).reduce((sum, count) => sum + count, 0);
    },
    async list(sourceIds, after, limit, nowMs) {
      const found: StoredAnswer[] = [];
      const from = after === null ? 0 : sourceIds.indexOf(after.sourceId);
      for (const sourceId of from < 0 ? [] : sourceIds.slice(from)) {
        let at = after?.sourceId === sourceId ? await rankAfter(door, after) : 0;
        while (found.length < limit) {
          const digests = await door.ask((redis) => redis.zrevrange(names.index(sourceId), at, at + limit - 1));
          if (digests.length === 0) break;
          at += digests.length;
          found.push(
            ...(await answersOf(door, seal, sourceId, digests)).filter(({ answer }) => answer.goneAtMs > nowMs),
          );
        }
        if (found.length >= limit) break;
      }
      return found.slice(0, limit);
    },
    async counts(nowMs) {
      const sourceIds = await sourcesOf();
      if (sourceIds.length === 0) return new Map();
      return door.ask(async (redis) => {
        const pipeline = redis.pipeline();
        for (const id of sourceIds) pipeline.zremrangebyscore(names.index(id), "-inf", nowMs).zcard(names.index(id));
        const results = (await pipeline.exec()) ?? [];
        const counts = sourceIds.map((id, at) => [id, Number(results[2 * at + 1]?.[1] ?? 0)] as const);
        return new Map(counts.filter(([, count]) => count > 0));
      });
    },
    async usage() {
      const text = await door.ask((redis) => redis.info("memory"));
      const valueOf = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, "m").exec(text)?.[1] ?? 0);
      return { usedBytes: valueOf("used_memory"), usedBytesMax: valueOf("maxmemory") || null };
    },
  };
}

/** Where the list goes on; where its last row is gone, behind all that stay longer. */
async function rankAfter(door: RedisDoor, { sourceId, goneAtMs, digest }: ListPosition): Promise<number> {
  const index = names.index(sourceId);
  const rank = await door.ask((redis) => redis.zrevrank(index, digest));
  if (rank !== null) return Number(rank) + 1;
  return door.ask((redis) => redis.zcount(index, `(${goneAtMs}`, "+inf"));
}

/** The answers that are still there of a source's digests, by name and generation. */
async function answersOf(
  door: RedisDoor,
  seal: Seal,
  sourceId: string,
  digests: readonly string[],
): Promise<StoredAnswer[]> {
  const texts = await door.ask((redis) => redis.mget(digests.map((digest) => names.entry(sourceId, digest))));
  const opened = digests.map((digest, at) => ({ digest, found: texts[at] ? seal.read(digest, texts[at]) : null }));
  return opened.flatMap(({ digest, found }) => (found ? [{ sourceId, digest, answer: found.answer }] : []));
}
