import { LRUCache } from "lru-cache";

import { newId } from "../../ids.ts";
import type { AnswerStore, ClearScope, ListPosition, StoredAnswer } from "./answer-store.ts";
import type { CacheKey } from "./cache-key.ts";

interface Kept extends StoredAnswer {
  readonly indicatorDigest: string;
  readonly generation: string;
}

/** Beside its text an answer is held as objects, and both have their overhead. */
const bytesOf = ({ answer }: Kept): number => 1_000 + 3 * answer.json.length;
/** Clearings of single indicators that are remembered for the sake of calls under way. */
const pairsMax = 10_000;

/** Keeps answers in this process, the least recently used ones leave first. */
export function createMemoryStore(bytesMax: number): AnswerStore {
  const bySource = new Map<string, Map<string, Kept>>();
  const answers = new LRUCache<string, Kept>({
    maxSize: bytesMax,
    sizeCalculation: bytesOf,
    dispose: ({ sourceId, digest }, _key, reason) => {
      if (reason === "set") return;
      const ofSource = bySource.get(sourceId);
      ofSource?.delete(digest);
      if (ofSource?.size === 0) bySource.delete(sourceId);
    },
  });
  let allGeneration = "";
  const sourceGenerations = new Map<string, string>();
  const pairGenerations = new LRUCache<string, string>({ max: pairsMax });
  const pairOf = ({ sourceId, indicatorDigest }: Pick<CacheKey, "sourceId" | "indicatorDigest">): string =>
    `${sourceId} ${indicatorDigest}`;
  const generationOf = (key: Pick<CacheKey, "sourceId" | "indicatorDigest">): string =>
    `${allGeneration}.${sourceGenerations.get(key.sourceId) ?? ""}.${pairGenerations.size === 0 ? "" : (pairGenerations.get(pairOf(key)) ?? "")}`;

  const purge = (nowMs: number): void => {
    for (const [digest, { answer }] of [...answers.entries()]) if (answer.goneAtMs <= nowMs) answers.delete(digest);
  };
  const renew = (scope: ClearScope): void => {
    if ("all" in scope) allGeneration = newId();
    else if ("sourceId" in scope) sourceGenerations.set(scope.sourceId, newId());
    else for (const key of scope.keys) pairGenerations.set(pairOf(key), newId());
  };

  return {
    driver: "memory",
    trouble: () => null,
    read: (keys) =>
      Promise.resolve(
        keys.map((key) => {
          const generation = generationOf(key);
          const kept = answers.get(key.digest);
          return { answer: kept?.generation === generation ? kept.answer : null, generation };
        }),
      ),
    expiries: async (keys) =>
      keys.map((key) => {
        const kept = answers.peek(key.digest);
        return kept?.generation === generationOf(key) ? kept.answer : null;
      }),
    async write(key, answer, generation) {
      const before = answers.peek(key.digest);
      const isBetter = answer.said.outcome === "failed" && before && before.answer.goneAtMs > answer.fetchedAtMs;
      if (isBetter || generation !== generationOf(key)) return false;
      const { sourceId, digest } = key;
      answers.set(digest, { ...key, answer, generation });
      // What is larger than the whole store is not taken.
      const kept = answers.peek(digest);
      if (!kept) return false;
      const ofSource = bySource.get(sourceId) ?? new Map<string, Kept>();
      bySource.set(sourceId, ofSource.set(digest, kept));
      return true;
    },
    async clear(scope, nowMs) {
      purge(nowMs);
      renew(scope);
      const before = answers.size;
      for (const [digest, kept] of "sourceId" in scope ? (bySource.get(scope.sourceId) ?? []) : [...answers.entries()])
        if (kept.generation !== generationOf(kept)) answers.delete(digest);
      return before - answers.size;
    },
    async list(sourceIds, after, limit, nowMs) {
      purge(nowMs);
      const from = after === null ? 0 : sourceIds.indexOf(after.sourceId);
      const found: StoredAnswer[] = [];
      for (const sourceId of from < 0 ? [] : sourceIds.slice(from)) {
        if (found.length >= limit) break;
        const sorted = [...(bySource.get(sourceId)?.values() ?? [])].toSorted(longestFirst);
        found.push(...sorted.filter((kept) => isAfter(kept, after)).slice(0, limit - found.length));
      }
      return found;
    },
    async counts(nowMs) {
      purge(nowMs);
      return new Map([...bySource].map(([sourceId, { size }]) => [sourceId, size]));
    },
    usage: async () => ({ usedBytes: answers.calculatedSize, usedBytesMax: bytesMax }),
  };
}

function longestFirst(a: StoredAnswer, b: StoredAnswer): number {
  return b.answer.goneAtMs - a.answer.goneAtMs || (a.digest < b.digest ? 1 : -1);
}

function isAfter({ sourceId, digest, answer }: StoredAnswer, after: ListPosition | null): boolean {
  if (after === null || sourceId !== after.sourceId) return true;
  return answer.goneAtMs < after.goneAtMs || (answer.goneAtMs === after.goneAtMs && digest < after.digest);
}
