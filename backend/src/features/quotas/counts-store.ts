import type { Logger } from "@assay/process";
import type { Clock } from "../../context.ts";
import type { Database } from "../../db/database.ts";
import { prune, type QuotaState } from "./quota-rules.ts";
import { createWriteBehind } from "./write-behind.ts";

/** Keeps what was counted in the database, a moment behind, so that neither a restart nor a Redis that lost its memory forgets it. */
export interface CountsStore {
  all(): Promise<[subject: string, state: QuotaState][]>;
  find(subject: string): Promise<QuotaState | undefined>;
  /** The count has changed; what it is by then is read a moment later. Where that is not known, what is kept stays. */
  note(subject: string, read: Read): void;
  /** Writes what is still out. */
  close(): Promise<void>;
}

type Read = () => QuotaState | Promise<QuotaState | undefined>;

const behindMs = 500;
/** As long as the longest window, and what an upstream said. */
const keptMs = 368 * 86_400_000;

export function createCountsStore(db: Database, clock: Clock, log: Logger): CountsStore {
  const write = async (subject: string, state: QuotaState): Promise<void> => {
    const isEmpty = prune(state, clock.now().getTime());
    if (isEmpty) return void (await db.prisma.quotaCount.deleteMany({ where: { subject } }));
    const row = { state: JSON.parse(JSON.stringify(state)) as object, updatedAt: clock.now() };
    await db.prisma.quotaCount.upsert({ where: { subject }, create: { subject, ...row }, update: row });
  };
  const behind = createWriteBehind<Read>({
    async write(subject, read) {
      const state = await read();
      if (state) await write(subject, state);
    },
    delayMs: behindMs,
    onFailure: (err) => log.warn({ err }, "what was counted of quotas cannot be kept now; it is tried again"),
  });
  // Of what is gone by now, such as a deleted secret.
  const forgotten = db.prisma.quotaCount
    .deleteMany({ where: { updatedAt: { lt: new Date(clock.now().getTime() - keptMs) } } })
    .catch((err: unknown) => log.debug({ err }, "old counts of quotas were not removed"));
  return {
    // Nobody else writes this column.
    all: async () =>
      (await db.prisma.quotaCount.findMany()).map(({ subject, state }) => [subject, state as unknown as QuotaState]),
    find: async (subject) =>
      (await db.prisma.quotaCount.findUnique({ where: { subject } }))?.state as unknown as QuotaState | undefined,
    note: behind.set,
    async close() {
      await forgotten;
      await behind.close();
      if (behind.pending.size > 0)
        log.warn({ count: behind.pending.size }, "what was counted of quotas could not be kept before the end");
    },
  };
}
