import { setTimeout as delay } from "node:timers/promises";
import type { RequestSummary } from "@assay/contract";
import type pg from "pg";
import { fail } from "../../problem-error.ts";
import { createEventReader, type LookupRecord, type NumberedEvent } from "./events.ts";
import { type LiveLookup, recordOf } from "./live-lookup.ts";
import { readLookup } from "./lookup-queries.ts";
import type { Lookups } from "./lookups.ts";

/** How often a lookup that another node runs is read. */
const pollMs = 250;

/**
 * The events of a lookup after the given sequence, until its end or until the signal fires: from memory where this process runs
 * it, from the database where another does. Throws NOT_FOUND where there is none, or when it may not be read, also midway.
 */
export async function* watchLookup(
  lookups: Lookups,
  pool: pg.Pool,
  id: string,
  mayRead: (request: RequestSummary) => boolean,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<NumberedEvent> {
  const read = createEventReader();
  while (!signal.aborted) {
    const live = lookups.live(id);
    const change = live ? nextChange(live, signal) : null;
    const record = live ? recordIfStored(live) : await readLookup(pool, id);
    if (record ? !mayRead(record.request) : !live) fail("NOT_FOUND", `There is no lookup ${id}`);
    if (record) {
      for (const numbered of read(record)) if (numbered.sequence > after || isLateEnd(record, numbered)) yield numbered;
      if (record.request.status !== "running") return;
    }
    await (change ?? delay(pollMs, undefined, { signal }).catch(() => undefined));
  }
}

/** Once answers were deleted there are fewer events than somebody may have seen; the end is told to them all the same. */
function isLateEnd({ request }: LookupRecord, { event }: NumberedEvent): boolean {
  return request.prunedAnswers !== null && event.type === "fetching_end";
}

function recordIfStored(live: LiveLookup): LookupRecord | null {
  return live.stored ? recordOf(live, "stored") : null;
}

/** Resolves at the lookup's next write, when it leaves memory, or when the signal fires. */
function nextChange(lookup: LiveLookup, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const changed = (): void => {
      lookup.watchers.delete(changed);
      signal.removeEventListener("abort", changed);
      resolve();
    };
    lookup.watchers.add(changed);
    signal.addEventListener("abort", changed, { once: true });
  });
}
