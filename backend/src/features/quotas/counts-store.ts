import type { Logger } from "@assay/process";
import type { Clock } from "../../context.ts";
import type { Database } from "../../db/database.ts";
import { prune, type QuotaState } from "./quota-rules.ts";

/** Keeps what a node without Redis has counted, a moment behind, so that a restart forgets nothing. */
export interface CountsStore {
  readonly states: ReadonlyMap<string, QuotaState>;
  note(subject: string, state: QuotaState): void;
  /** Writes what is still out. */
  close(): Promise<void>;
}

const behindMs = 500;

export async function openCountsStore(db: Database, clock: Clock, log: Logger): Promise<CountsStore> {
  const rows = await db.prisma.quotaCount.findMany();
  // Nobody else writes this column.
  const states = new Map(rows.map(({ subject, state }) => [subject, state as unknown as QuotaState]));
  const dirty = new Map<string, QuotaState>();
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  const flush = async (): Promise<void> => {
    timer = undefined;
    const batch = [...dirty];
    dirty.clear();
    for (const [subject, state] of batch) {
      try {
        await write(subject, state);
      } catch (err) {
        log.warn({ err }, "what was counted of a quota could not be kept; a restart would forget it");
        return;
      }
    }
  };
  const write = async (subject: string, state: QuotaState): Promise<void> => {
    const isEmpty = prune(state, clock.now().getTime());
    if (isEmpty) return void (await db.prisma.quotaCount.deleteMany({ where: { subject } }));
    const row = { state: JSON.parse(JSON.stringify(state)) as object, updatedAt: clock.now() };
    await db.prisma.quotaCount.upsert({ where: { subject }, create: { subject, ...row }, update: row });
  };
  return {
    states,
    note(subject, state) {
      dirty.set(subject, state);
      timer ??= setTimeout(() => (writing = writing.then(flush)), behindMs).unref();
    },
    async close() {
      clearTimeout(timer);
      await (writing = writing.then(flush));
    },
  };
}
