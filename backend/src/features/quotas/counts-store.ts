import type { Logger } from "@assay/process";
import type { Clock } from "../../context.ts";
import type { Database } from "../../db/database.ts";
import { prune, type QuotaState } from "./quota-rules.ts";

/** Keeps what was counted in the database, a moment behind, so that neither a restart nor a Redis that lost its memory forgets it. */
export interface CountsStore {
  all(): Promise<[subject: string, state: QuotaState][]>;
  find(subject: string): Promise<QuotaState | undefined>;
  /** The count has changed; what it is by then is read a moment later. */
  note(subject: string, read: () => QuotaState | Promise<QuotaState>): void;
  /** Writes what is still out. */
  close(): Promise<void>;
}

const behindMs = 500;

export function createCountsStore(db: Database, clock: Clock, log: Logger): CountsStore {
  const dirty = new Map<string, () => QuotaState | Promise<QuotaState>>();
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  const write = async (subject: string, state: QuotaState): Promise<void> => {
    const isEmpty = prune(state, clock.now().getTime());
    if (isEmpty) return void (await db.prisma.quotaCount.deleteMany({ where: { subject } }));
    const row = { state: JSON.parse(JSON.stringify(state)) as object, updatedAt: clock.now() };
    await db.prisma.quotaCount.upsert({ where: { subject }, create: { subject, ...row }, update: row });
  };
  const flush = async (): Promise<void> => {
    timer = undefined;
    const batch = [...dirty];
    dirty.clear();
    for (const [subject, read] of batch) {
      try {
        await write(subject, await read());
      } catch (err) {
        log.debug({ err }, "what was counted of a quota could not be kept; the next change of it is");
      }
    }
  };
  return {
    // Nobody else writes this column.
    all: async () =>
      (await db.prisma.quotaCount.findMany()).map(({ subject, state }) => [subject, state as unknown as QuotaState]),
    find: async (subject) =>
      (await db.prisma.quotaCount.findUnique({ where: { subject } }))?.state as unknown as QuotaState | undefined,
    note(subject, read) {
      dirty.set(subject, read);
      timer ??= setTimeout(() => (writing = writing.then(flush)), behindMs).unref();
    },
    async close() {
      clearTimeout(timer);
      await (writing = writing.then(flush));
    },
  };
}
