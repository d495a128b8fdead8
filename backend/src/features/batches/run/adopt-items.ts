import type pg from "pg";
import type { Clock } from "../../../context.ts";
import type { LiveLookup } from "../../lookups/live-lookup.ts";
import { type RequestRow, summaryColumns, summaryOfRow } from "../../lookups/lookup-queries.ts";
import type { Lookups } from "../../lookups/lookups.ts";
import type { ItemRow } from "../batch-row.ts";
import { requestIdOf } from "../request-id.ts";
import { resultOfSummary } from "./item-result.ts";
import { type ClaimedBatch, type ItemResult, leaseSeconds, waitingItems } from "./run-queries.ts";

export interface AdoptOptions {
  readonly pool: pg.Pool;
  readonly lookups: Lookups;
  readonly clock: Clock;
  readonly batch: ClaimedBatch;
  /** Its lookup runs here. */
  readonly track: (item: ItemRow, lookup: LiveLookup) => void;
  readonly end: (result: ItemResult) => void;
  /** It has no lookup: it is to be started, when the batch is next let run. */
  readonly again: (item: ItemRow) => void;
}

export interface Adopting {
  /** Has the items that wait at positions below this one looked at, too. */
  open(below: number): void;
  /** Looks what has become of what a worker before this one had claimed and not ended, once a second at the most. */
  look(): Promise<void>;
  /** Whether there may be some left. */
  readonly isOpen: boolean;
}

const itemsMax = 10_000;
const lookEveryMs = 1000;

/**
 * Items that a worker which is gone had under way. Each is in one of these cases: its lookup is stored and ended; it runs, here or on
 * another node, or nobody runs it and it is taken over; or there is none. Then it is started, but where that worker might still live,
 * cut off from the database alone, only after a lease more: by then it would have stored what it had asked.
 */
export function adoptItems({ pool, lookups, clock, batch, track, end, again }: AdoptOptions): Adopting {
  const nowMs = (): number => clock.now().getTime();
  const items = new Map<string, ItemRow>();
  const mayStillLive = batch.former !== null && batch.former !== batch.node;
  const startsAtMs = nowMs() + (mayStillLive ? leaseSeconds * 1000 : 0);
  let isRead = false;
  let below = batch.claimed;
  let lookedAtMs = 0;

  const read = async (): Promise<void> => {
    const found = await waitingItems(pool, batch.id, 0, below, itemsMax);
    for (const item of found) items.set(requestIdOf(batch.id, item), item);
    isRead = true;
  };
  const settle = (id: string, item: ItemRow, row: Omit<RequestRow, "plan"> | undefined): boolean => {
    const live = lookups.live(id);
    if (live) track(item, live);
    else if (row && row.status !== "running") end(resultOfSummary(item, summaryOfRow(row)));
    else if (row) return false;
    else if (nowMs() < startsAtMs) return false;
    else again(item);
    items.delete(id);
    return true;
  };

  return {
    open(to) {
      isRead = false;
      below = to;
    },
    async look() {
      if (!isRead) await read();
      if (items.size === 0 || nowMs() - lookedAtMs < lookEveryMs) return;
      lookedAtMs = nowMs();
      const { rows } = await pool.query<Omit<RequestRow, "plan">>(
        `SELECT ${summaryColumns} FROM requests WHERE id = ANY($1)`,
        [[...items.keys()]],
      );
      const byId = new Map(rows.map((row) => [row.id, row]));
      let isOrphaned = false;
      for (const [id, item] of [...items]) if (!settle(id, item, byId.get(id)) && byId.has(id)) isOrphaned = true;
      if (isOrphaned) await lookups.recover();
    },
    get isOpen() {
      return !isRead || items.size > 0;
    },
  };
}
