import { createProcessorShares } from "./processor-share.ts";

/** How much of the processor the calls of each source take, and what follows from it. */
export interface Efforts {
  /** A call under way has used so much so far. */
  see(sourceId: string, cpuMs: number): void;
  /** A call has ended, and has used so much. */
  add(sourceId: string, cpuMs: number): void;
  /** No call of it has ended yet, or none lately. */
  isNew(sourceId: string): boolean;
  /** Its calls run behind those of others, at a lower priority. */
  isHeavy(sourceId: string): boolean;
  /** Its calls run one after another. */
  isAlone(sourceId: string): boolean;
}

export interface EffortOptions {
  /** Who takes more than its part of a busy processor comes behind, too, for a few seconds: only where that can be taken back. */
  readonly byShare?: boolean;
}

/** A call's part in the average; each one before it has three quarters of the weight of the next. */
const weight = 1 / 4;
/** Three times what a call takes that reads 20 kB of JSON with one request. */
const heavyMs = 10;
const aloneMs = 250;
/** So long after it was last true; a source that changes its ways every few calls gains nothing by it. */
const heldForMs = 60_000;
const greedyForMs = 10_000;
const sourcesMax = 4096;

interface Effort {
  averageMs: number;
  /** Of the last word of it. */
  atMs: number;
  heavyUntilMs: number;
  aloneUntilMs: number;
}

/**
 * Judges by the average time of processor of a call, so that nobody pays for waiting for an upstream. A call
 * under way counts as if it ended now: who is never heard of again is judged while it runs.
 */
export function createEfforts(nowMs: () => number, { byShare = false }: EffortOptions = {}): Efforts {
  const shares = byShare ? createProcessorShares(nowMs) : null;
  // In the order of use, the least recent first.
  const efforts = new Map<string, Effort>();

  function use(sourceId: string): Effort {
    const atMs = nowMs();
    const known = efforts.get(sourceId);
    // What it did a minute ago says nothing of what it does now.
    const effort =
      known !== undefined && atMs - known.atMs < heldForMs
        ? known
        : { averageMs: 0, atMs, heavyUntilMs: 0, aloneUntilMs: 0 };
    effort.atMs = atMs;
    efforts.delete(sourceId);
    efforts.set(sourceId, effort);
    const [oldest] = efforts.keys();
    if (efforts.size > sourcesMax && oldest !== undefined) efforts.delete(oldest);
    return effort;
  }

  /** The average with one more call, from which the source is judged. */
  function judge(effort: Effort, cpuMs: number): number {
    const averageMs = effort.averageMs * (1 - weight) + cpuMs * weight;
    if (averageMs >= heavyMs) effort.heavyUntilMs = nowMs() + heldForMs;
    if (averageMs >= aloneMs) effort.aloneUntilMs = nowMs() + heldForMs;
    return averageMs;
  }

  return {
    see(sourceId, cpuMs) {
      judge(use(sourceId), cpuMs);
    },
    add(sourceId, cpuMs) {
      const effort = use(sourceId);
      effort.averageMs = judge(effort, cpuMs);
      if (shares?.add(sourceId, cpuMs)) effort.heavyUntilMs = Math.max(effort.heavyUntilMs, nowMs() + greedyForMs);
    },
    isNew: (sourceId) => !efforts.has(sourceId),
    isHeavy: (sourceId) => nowMs() < (efforts.get(sourceId)?.heavyUntilMs ?? 0),
    isAlone: (sourceId) => nowMs() < (efforts.get(sourceId)?.aloneUntilMs ?? 0),
  };
}
