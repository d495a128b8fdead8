import type { Logger } from "@assay/process";
import type { Clock } from "../../../context.ts";
import type { Database } from "../../../db/database.ts";
import { isDatabaseUnavailable } from "../../../db/unavailable.ts";
import type { ConfigStore } from "../../config/config-store.ts";
import type { Lookups } from "../../lookups/lookups.ts";
import type { SourceRegistry } from "../../lookups/source-registry.ts";
import { batchesChannel } from "../channel.ts";
import { type BatchRun, runBatch } from "./batch-run.ts";
import { claimBatches, leaveBatches } from "./run-queries.ts";
import { mayStartOne, type Sharer } from "./share.ts";

export interface BatchRunnerOptions {
  readonly db: Database;
  readonly lookups: Lookups;
  readonly registry: SourceRegistry;
  readonly config: ConfigStore;
  readonly log: Logger;
  readonly clock: Clock;
  readonly node: string;
}

/** Batches that one worker runs at once. Beyond `sharedAtOnce` each is the only one of its user, so that nobody waits for another's. */
const batchesAtOnce = 32;
const sharedAtOnce = 4;
const claimEveryMs = 2000;

/**
 * Works on the batches, together with every other worker on this database. A batch belongs to a worker by a lease in its row, as a lookup
 * does: a job of a queue would be missed only when its longest time is over, and a batch may take a day.
 */
export async function startBatchRunner(options: BatchRunnerOptions): Promise<{ close(): Promise<void> }> {
  const { db, lookups, registry, config, log, clock, node } = options;
  const runs = new Map<string, BatchRun>();
  let isClosed = false;
  let claiming: Promise<void> | null = null;

  const mayStart = (batch: Sharer): boolean =>
    mayStartOne(batch, [...runs.values()], config.current().batchLookupsAtOnce);
  const take = async (ownToo: boolean): Promise<void> => {
    const most = batchesAtOnce - runs.size;
    if (isClosed || most <= 0) return;
    const shared = sharedAtOnce - runs.size;
    const claimed = await claimBatches(db.pool, node, { ownToo, active: [...runs.keys()], most, shared });
    for (const batch of claimed) {
      log.info({ batch: batch.id, indicators: batch.total, takenOver: batch.former !== null }, "runs a batch");
      const run = runBatch(batch, { pool: db.pool, lookups, registry, log, clock, node, mayStartOne: mayStart });
      runs.set(batch.id, run);
      void forget(batch.id, run);
    }
  };
  const forget = async (id: string, run: BatchRun): Promise<void> => {
    await run.done;
    runs.delete(id);
    claim();
  };
  const claim = (): void => {
    claiming ??= take(false)
      .catch((err: unknown) => {
        if (!isDatabaseUnavailable(err)) log.warn({ err }, "batches could not be looked for");
      })
      .finally(() => (claiming = null));
  };
  const unlisten = await db.listen(batchesChannel, (id) => {
    for (const [each, run] of runs) if (id === null || id === each) run.changed();
    claim();
  });
  // Whatever a former life of this process held is nobody's now.
  await take(true);
  const timer = setInterval(claim, claimEveryMs);
  return {
    async close() {
      isClosed = true;
      clearInterval(timer);
      unlisten();
      await claiming;
      const left = [...runs.keys()];
      for (const run of runs.values()) run.stop();
      await Promise.all([...runs.values()].map(({ done }) => done));
      await leaveBatches(db.pool, node, left).catch(() => undefined);
    },
  };
}
