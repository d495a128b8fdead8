/** What a source has done to its hosts: each kill within the memory makes its rest longer. */
export interface Offences {
  /** The source had a host killed. */
  add(sourceId: string, nowMs: number): void;
  /** Milliseconds until the source may run again; 0: now. */
  restMs(sourceId: string, nowMs: number): number;
}

const memoryMs = 10 * 60_000;
const restFirstMs = 1_000;
const restMaxMs = 60_000;

/**
 * The first offence costs nothing: a source may crash once for a reason of the day. Every further one within ten minutes doubles the
 * rest, from 1 s to 60 s. Times are in milliseconds of one clock.
 */
export function createOffences(): Offences {
  const known = new Map<string, { count: number; lastAtMs: number; restUntilMs: number }>();
  return {
    add(sourceId, nowMs) {
      for (const [id, { lastAtMs }] of known) if (nowMs - lastAtMs > memoryMs) known.delete(id);
      const count = (known.get(sourceId)?.count ?? 0) + 1;
      const restMs = count < 2 ? 0 : Math.min(restMaxMs, restFirstMs * 2 ** (count - 2));
      known.set(sourceId, { count, lastAtMs: nowMs, restUntilMs: nowMs + restMs });
    },
    restMs: (sourceId, nowMs) => Math.max(0, (known.get(sourceId)?.restUntilMs ?? 0) - nowMs),
  };
}
