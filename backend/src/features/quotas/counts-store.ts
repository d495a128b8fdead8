import type { Logger } from "@assay/process";
import type { Clock } from "../../context.ts";
import type { Database } from "../../db/database.ts";
import { prune, type QuotaState } from "./quota-rules.ts";

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
  const dirty = new Map<string, Read>();
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
        const state = await read();
        if (state) await write(subject, state);
      } catch (err) {
        log.debug({ err }, "what was counted of a quota could not be kept; the next change of it is");
      }
    }
  };
  // Of what is gone by now, such as a deleted secret.
  const forget = async (): Promise<unknown> =>
    db.prisma.quotaCount.deleteMany({ where: { updatedAt: { lt: new Date(clock.now().getTime() - keptMs) } } });
  writing = writing
    .then(forget)
    .then(() => undefined)
    .catch((err: unknown) => log.debug({ err }, "old counts of quotas were not removed"));
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
