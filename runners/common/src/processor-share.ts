/** Who takes more of the processor than a fair part, while others want it too. */
export interface ProcessorShares {
  /** A call has used so much. True: with it the source has taken more than its part lately. */
  add(sourceId: string, cpuMs: number): boolean;
}

/** How fast what was used is forgotten: after so long about a third of it is left. */
const memoryMs = 2_000;
/** Below so much of one processor nobody is in anybody's way. */
const busyFrom = 0.4;
/** With so many others at work a quarter is more than twice a fair part. */
const othersMin = 4;
const shareMax = 1 / 4;
/** Others that use less than this part of all are not at work. */
const atWorkFrom = 1 / 200;
const sourcesMax = 1024;

interface Use {
  ms: number;
  atMs: number;
}

/** Adds up what calls used, weighing what was long ago ever less. */
export function createProcessorShares(nowMs: () => number): ProcessorShares {
  const all: Use = { ms: 0, atMs: nowMs() };
  // In the order of use, the least recent first.
  const bySource = new Map<string, Use>();

  const left = ({ ms, atMs }: Use, now: number): number => ms * Math.exp((atMs - now) / memoryMs);
  function grow(use: Use, cpuMs: number, now: number): number {
    use.ms = left(use, now) + cpuMs;
    use.atMs = now;
    return use.ms;
  }

  return {
    add(sourceId, cpuMs) {
      const now = nowMs();
      const use = bySource.get(sourceId) ?? { ms: 0, atMs: now };
      bySource.delete(sourceId);
      bySource.set(sourceId, use);
      const [oldest] = bySource.keys();
      if (bySource.size > sourcesMax && oldest !== undefined) bySource.delete(oldest);
      const own = grow(use, cpuMs, now);
      const total = grow(all, cpuMs, now);
      if (total < busyFrom * memoryMs || own < shareMax * total) return false;
      let others = 0;
      for (const other of bySource.values()) {
        if (other !== use && left(other, now) >= atWorkFrom * total) others += 1;
        if (others >= othersMin) return true;
      }
      return false;
    },
  };
}
