import type { Logger } from "@assay/process";
import type pg from "pg";
import type { Clock } from "../../context.ts";
import { isDatabaseUnavailable } from "../../db/unavailable.ts";
import { isSettled, type LiveLookup } from "./live-lookup.ts";
import { writeLookups, writeSharers } from "./recorder-queries.ts";
import { createAnswerSharing, type Sharing } from "./shared-answers.ts";

export interface Recorder {
  /**
   * Stores the lookup as it is now: at once, or within `gatherMs` so that short lookups cost one write.
   * Resolves when it is in the database; rejects when the database will not take it.
   */
  save(lookup: LiveLookup, when: "at once" | "soon"): Promise<void>;
  /** The database is away; what is to be written stays in memory. */
  readonly stalled: boolean;
  close(): Promise<void>;
}

const gatherMs = 25;
/** So many are worth a write of their own; there is nothing more to wait for. */
const lookupsEnough = 32;
const lookupsPerWrite = 400;
/** While the disk is waited for, the next can be prepared; the database commits those that come together at once. */
const writesAtOnce = 2;
const retryMs = 250;

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: few writes are under way at a time, never two of one lookup, and whatever comes up meanwhile shares the next one.
 * A database that is away is asked again until it is back.
 */
export function createRecorder(pool: pg.Pool, node: string, clock: Clock, log: Logger): Recorder {
  const sharing = createAnswerSharing(clock);
  /** The database may have these with their own answers, also where nothing was heard of the write. */
  const maybeWhole = new WeakSet<LiveLookup>();
  const dirty = new Map<LiveLookup, Waiter[]>();
  const beingWritten = new Set<LiveLookup>();
  const writing = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | null = null;
  let closed = false;
  let stalled = false;

  const kick = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    if (writing.size >= writesAtOnce || dirty.size === 0) return;
    const lane = writeAll().finally(() => writing.delete(lane));
    writing.add(lane);
  };

  /** Takes what is to be written and is not being written already. */
  const takeBatch = (): Map<LiveLookup, Waiter[]> => {
    const batch = new Map<LiveLookup, Waiter[]>();
    for (const [lookup, waiters] of dirty) {
      if (batch.size >= lookupsPerWrite) break;
      if (beingWritten.has(lookup)) continue;
      batch.set(lookup, waiters);
      dirty.delete(lookup);
      beingWritten.add(lookup);
    }
    return batch;
  };

  const writeAll = async (): Promise<void> => {
    for (let batch = takeBatch(); batch.size > 0; batch = takeBatch()) {
      const failed = await writeBatch([...batch.keys()]);
      for (const [lookup, waiters] of batch) {
        beingWritten.delete(lookup);
        const error = failed.get(lookup);
        for (const { resolve, reject } of waiters) {
          if (error === undefined) resolve();
          else reject(error);
        }
      }
    }
  };

  /** Returns the lookups that the database refuses for what they are, one by one when a whole batch is refused. */
  const writeBatch = async (lookups: LiveLookup[]): Promise<Map<LiveLookup, unknown>> => {
    for (;;) {
      try {
        await write(lookups);
        stalled = false;
        return new Map();
      } catch (error) {
        if (isDatabaseUnavailable(error) && !closed) {
          if (!stalled)
            log.warn({ err: error, lookups: lookups.length }, "the database is away, answers wait in memory");
          stalled = true;
          await new Promise((resolve) => setTimeout(resolve, retryMs));
        } else if (lookups.length > 1) {
          const failed = new Map<LiveLookup, unknown>();
          for (const lookup of lookups) for (const [key, reason] of await writeBatch([lookup])) failed.set(key, reason);
          return failed;
        } else {
          log.error({ err: error, lookup: lookups[0]?.request.id }, "the database refuses a lookup");
          return new Map(lookups.map((lookup) => [lookup, error]));
        }
      }
    }
  };

  const write = async (lookups: LiveLookup[]): Promise<void> => {
    // One that somebody waited for while it was being written is there already.
    const unwritten = lookups.filter((lookup) => !isSettled(lookup));
    const states = unwritten.map((lookup) => ({ lookup, answers: lookup.answers.length, status: lookup.status }));
    const sharers = new Map<LiveLookup, Sharing>();
    for (const lookup of unwritten) {
      const shared = maybeWhole.has(lookup) ? null : sharing.of(lookup);
      if (shared) sharers.set(lookup, shared);
    }
    const others = sharers.size === 0 ? unwritten : unwritten.filter((lookup) => !sharers.has(lookup));
    if (others.length > 0) await writeWhole(others);
    if (sharers.size > 0) await writeShared(sharers);
    for (const { lookup, answers, status } of states) {
      lookup.stored = { answers, status };
      // Of one that has ended while it was being written the database does not have the end yet.
      if (!sharers.has(lookup) && isSettled(lookup)) sharing.recorded(lookup);
      for (const watcher of lookup.watchers) watcher();
    }
  };

  const writeWhole = async (lookups: readonly LiveLookup[]): Promise<void> => {
    for (const lookup of lookups) maybeWhole.add(lookup);
    await writeLookups(pool, node, lookups);
  };

  /** Leaves those that share answers; where the others are not there any more, their own are written. */
  const writeShared = async (sharers: Map<LiveLookup, Sharing>): Promise<void> => {
    const without = await writeSharers(pool, node, sharers);
    if (without.length === 0) return;
    await writeWhole(without);
    for (const lookup of without) sharers.delete(lookup);
  };

  return {
    save: (lookup, when) =>
      new Promise((resolve, reject) => {
        const waiters = dirty.get(lookup);
        if (waiters) waiters.push({ resolve, reject });
        else dirty.set(lookup, [{ resolve, reject }]);
        if (when === "at once" || dirty.size >= lookupsEnough) kick();
        else timer ??= setTimeout(kick, gatherMs);
      }),
    get stalled() {
      return stalled;
    },
    close: async () => {
      closed = true;
      kick();
      while (writing.size > 0) await Promise.all(writing);
    },
  };
}
