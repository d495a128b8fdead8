import type { CacheKey } from "./cache-key.ts";
import { redisNames as names } from "./redis-names.ts";

/** Of all, of the source, and of what it says of the indicator. */
export function generationsOf({ sourceId, indicatorDigest }: CacheKey): [string, string, string] {
  return [names.allGeneration, names.sourceGeneration(sourceId), names.pairGeneration(sourceId, indicatorDigest)];
}

/** What of a generation an answer is valid under. */
export function validUnder(generation: string): string {
  return generation.replace(/\/[^.]*/, "");
}
