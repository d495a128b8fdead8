import { setTimeout as delay } from "node:timers/promises";
import { type BatchStatus, scopesOfRoles } from "@assay/contract";
import type { Logger } from "@assay/process";
import type pg from "pg";
import type { Clock } from "../../../context.ts";
import { isDatabaseUnavailable } from "../../../db/unavailable.ts";
import { ProblemError } from "../../../problem-error.ts";
import type { LiveLookup } from "../../lookups/live-lookup.ts";
import type { Lookups } from "../../lookups/lookups.ts";
import type { SourceRegistry } from "../../lookups/source-registry.ts";
import type { ItemRow } from "../batch-row.ts";
import { findBatch } from "../queries.ts";
import { requestIdOf } from "../request-id.ts";
import { adoptItems } from "./adopt-items.ts";
import { resultOf, withoutLookup } from "./item-result.ts";
import { faultOfSources, noneSwitchedOn, noneThere } from "./named-sources.ts";
import { createRate } from "./rate.ts";
import type { Sharer } from "./share.ts";
import {
  claimItems,
  type ClaimedBatch,
  type ItemResult,
  pauseBatch,
  releaseBatch,
  renewBatch,
  storeResults,
  waitingItems,
} from "./run-queries.ts";

export interface BatchRunTools {
  readonly pool: pg.Pool;
  readonly lookups: Lookups;
  readonly registry: SourceRegistry;
  readonly log: Logger;
  readonly clock: Clock;
  readonly node: string;
  /** Whether the batch may start one more lookup beside so many that are under way. */
  readonly mayStartOne: (batch: Sharer) => boolean;
}

export interface BatchRun extends Sharer {
  /** Resolves when this worker has nothing to do with the batch any more. Never rejects. */
  readonly done: Promise<void>;
  /** Something about the batch has changed: its row is read again. */
  changed(): void;
  /** Starts no more lookups and lets go, whatever is under way. */
  stop(): void;
}

const readAheadItems = 256;
const tickMs = 1000;
const gatherMs = 50;
const renewEveryMs = 5000;
const retryMs = 500;
/** What fails again and again is told so often. */
const complainEveryMs = 60_000;

/**
 * Runs a batch that this worker has claimed:
 *
 *     items ──read ahead, claimed──▶ buffer ──a window of them──▶ lookups ──ended, stored──▶ results ──in groups──▶ items, counters
 *
 * No more is in memory than the buffer, the window and a group of results. While the database is away nothing is started: what is under
 * way waits in the recorder, what has ended waits here.
 */
export function runBatch(batch: ClaimedBatch, tools: BatchRunTools): BatchRun {
  const { pool, lookups, registry, log, clock, node } = tools;
  const { id } = batch;
  const nowMs = (): number => clock.now().getTime();
  const underWay = new Map<number, LiveLookup>();
  const rate = createRate();
  let status: BatchStatus = batch.status;
  let buffer: ItemRow[] = [];
  /** The next position to read. */
  let from = batch.claimed;
  let isExhausted = false;
  let results: ItemResult[] = [];
  /** Why some could not be asked. Stored with them, so that the batch ends as failed, whichever worker ends it. */
  let problem: string | null = null;
  let ended = 0;
  let isAway = false;
  let isOwned = true;
  /** How often the row is known to have changed, and how often it had when it was last read. */
  let changes = 0;
  let changesRead = 0;
  const stopping = new AbortController();
  /** At first never: who owns the batch may have lost the right to it before it was claimed. */
  let renewedAtMs = -Infinity;
  let isBarred = false;
  let complainedAtMs = -Infinity;
  let wake = Promise.withResolvers<void>();

  const end = (result: ItemResult): void => {
    results.push(result);
    ended++;
    wake.resolve();
  };
  const track = (item: ItemRow, lookup: LiveLookup): void => {
    underWay.set(item.position, lookup);
    void follow(item, lookup);
  };
  const follow = async (item: ItemRow, lookup: LiveLookup): Promise<void> => {
    await lookup.gone.promise;
    underWay.delete(item.position);
    end(resultOf(item, lookup));
    pump();
  };
  const adopting = adoptItems({ pool, lookups, clock, batch, track, end, again: (item) => void buffer.push(item) });

  /** Not while it is known that the row has changed and not yet how: it may be paused. */
  const mayStart = (): boolean =>
    status === "running" && isOwned && changes === changesRead && !isAway && !stopping.signal.aborted;
  const fault = (): string | null => faultOfSources(batch.source_ids, registry);
  /** Starts lookups while there is room. Synchronous, so that no lookup is started twice. */
  const pump = (): void => {
    while (mayStart() && tools.mayStartOne({ userId: batch.user_id, underWay: underWay.size })) {
      const sourceFault = fault();
      if (sourceFault === noneSwitchedOn) break;
      const item = buffer.shift();
      if (!item) break;
      if (sourceFault === noneThere) {
        problem = noneThere;
        end(withoutLookup(item, noneThere));
        continue;
      }
      try {
        track(item, start(item));
      } catch (error) {
        if (error instanceof ProblemError && error.code === "UNAVAILABLE") {
          buffer.unshift(item);
          isAway = true;
        } else {
          if (!(error instanceof ProblemError)) log.error({ err: error, batch: id }, "a lookup of a batch failed");
          end(withoutLookup(item, error instanceof ProblemError ? error.message : "Assay failed; the log says why"));
        }
      }
    }
    if (buffer.length < readAheadItems / 4 && !isExhausted) wake.resolve();
  };
  const start = ({ kind, data, position, attempt, closed }: ItemRow): LiveLookup =>
    lookups.start(
      {
        ...{ kind, data, tlp: batch.tlp, pap: batch.pap, deadlineMs: batch.deadline_ms },
        visibility: closed ? "private" : batch.visibility,
        ...(batch.source_ids.length > 0 && { sourceIds: batch.source_ids.filter((each) => registry.get(each)) }),
      },
      { id: requestIdOf(id, { position, attempt }), userId: batch.user_id, callerClass: "bulk", batchId: id },
    );

  const fill = async (): Promise<void> => {
    if (status !== "running" || isExhausted || buffer.length >= readAheadItems / 2) return;
    const items = await waitingItems(pool, id, from, batch.total, readAheadItems);
    const last = items.at(-1);
    if (last && !(await claimItems(pool, node, id, last.position + 1))) {
      changes++;
      return;
    }
    buffer.push(...items);
    from = last ? last.position + 1 : batch.total;
    isExhausted = items.length < readAheadItems;
  };
  const pause = async (reason: string): Promise<void> => {
    await pauseBatch(pool, node, id, reason);
    status = "paused";
  };
  /** Sources that are switched off may be switched on again: nothing is lost when it waits for that. */
  const heedSources = async (): Promise<void> => {
    const hasMore = buffer.length > 0 || !isExhausted || adopting.isOpen;
    if (status === "running" && hasMore && fault() === noneSwitchedOn) await pause(noneSwitchedOn);
  };
  const flush = async (): Promise<void> => {
    if (results.length === 0) return;
    const some = [...results];
    await storeResults(pool, node, id, some, { running: underWay.size, rate: rate(ended, nowMs()), problem });
    // What has ended meanwhile stands behind them.
    results = results.slice(some.length);
  };
  const renew = async (): Promise<void> => {
    if (nowMs() - renewedAtMs < renewEveryMs && changes === changesRead) return;
    const reading = changes;
    const renewed = await renewBatch(pool, node, id);
    changesRead = reading;
    renewedAtMs = nowMs();
    isOwned = renewed !== null;
    if (renewed) status = renewed.status;
    isBarred = renewed !== null && !scopesOfRoles(renewed.roles ?? []).includes("requests:run");
    if (status === "running" && isBarred) await pause("Whoever started it may not look anything up any more");
  };
  /** True: nothing is left to do here. */
  const release = async (): Promise<boolean> => {
    const isIdle = underWay.size === 0 && results.length === 0 && !adopting.isOpen;
    if (!isIdle) return false;
    if (!isOwned) return true;
    if (status === "running" && (buffer.length > 0 || !isExhausted)) return false;
    if (await releaseBatch(pool, node, id, from)) return true;
    // Resumed meanwhile, deleted, or taken by another worker. What waits is found again, with what may have become of it.
    changes++;
    [buffer, from, isExhausted] = [[], batch.total, true];
    adopting.open(batch.total);
    if ((await findBatch(pool, id))?.node !== node) isOwned = false;
    return false;
  };

  const step = async (): Promise<boolean> => {
    await renew();
    if (status === "cancelled" || isBarred)
      for (const lookup of underWay.values()) await lookups.cancel(lookup.request.id);
    await adopting.look();
    await heedSources();
    await fill();
    isAway = false;
    pump();
    await flush();
    return release();
  };
  const complain = (err: unknown): void => {
    if (nowMs() - complainedAtMs < complainEveryMs) return;
    complainedAtMs = nowMs();
    log.error(
      { err, batch: id },
      `a step of a batch failed; it is tried again every ${retryMs} ms, and told once a minute`,
    );
  };
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        if (await step()) return;
        await Promise.race([wake.promise, delay(tickMs)]);
        wake = Promise.withResolvers();
        await delay(gatherMs);
      } catch (error) {
        isAway = true;
        if (isDatabaseUnavailable(error)) log.debug({ err: error, batch: id }, "a batch waits for the database");
        else complain(error);
        await delay(retryMs);
      }
    }
  };
  return {
    userId: batch.user_id,
    get underWay() {
      return underWay.size;
    },
    done: run(),
    changed() {
      changes++;
      wake.resolve();
    },
    stop() {
      stopping.abort();
      wake.resolve();
    },
  };
}
