import type { CacheUse } from "@assay/contract";
import type { Clock } from "../../context.ts";

type Counted = Pick<CacheUse, "hits" | "stale" | "misses" | "coalesced">;

/** How the cache was used by this process since its start, by source. */
export interface CacheCounts {
  readonly since: Date;
  add(sourceId: string, what: keyof Counted): void;
  bySource(): ReadonlyMap<string, Readonly<Counted>>;
}

export function createCacheCounts(clock: Clock): CacheCounts {
  const counts = new Map<string, Record<keyof Counted, number>>();
  return {
    since: clock.now(),
    add(sourceId, what) {
      const counted = counts.get(sourceId) ?? { hits: 0, stale: 0, misses: 0, coalesced: 0 };
      counted[what]++;
      counts.set(sourceId, counted);
    },
    bySource: () => counts,
  };
}
