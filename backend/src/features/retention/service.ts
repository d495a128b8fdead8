import { Outcome, type Retention, type ServerConfig } from "@assay/contract";
import type { Context } from "../../context.ts";
import { recordAudit } from "../audit/record.ts";
import { sharedForMs } from "../lookups/shared-answers.ts";
import { countBatches, deleteBatch } from "./batch-queries.ts";
import {
  countAnswers,
  countLookups,
  countMost,
  deleteAnswers,
  deleteLookups,
  type Deleted,
  measureLookups,
} from "./queries.ts";

type Settings = Pick<
  ServerConfig,
  "lookupDaysKept" | "okDaysKept" | "notFoundDaysKept" | "failedDaysKept" | "skippedDaysKept" | "lookupMebibytesMax"
>;

const dayMs = 24 * 60 * 60 * 1000;
/**
 * An hour, longer than any lookup may take: what ended so long ago is in no process's memory any more, nobody writes it again, and for half of
 * that time already nobody has come to share its answers.
 */
const quietMs = 2 * sharedForMs;
const mebibyte = 1024 * 1024;
/** So few that a batch is over in milliseconds. */
const lookupsPerBatch = 100;
const answersPerBatch = 100;

/**
 * Deletes what is older than it is kept and, beyond the limit of size, the oldest lookups and batches, in short transactions, until
 * all is done or the work is called off. Lookups that run or have just ended stay. What was deleted is one event, at the end.
 */
export async function pruneLookups(ctx: Context, settings: Settings): Promise<Deleted> {
  const { pool } = ctx.db;
  const now = ctx.clock.now();
  const endedBefore = new Date(now.getTime() - quietMs);
  let total: Deleted = { lookups: 0, answers: 0, batches: 0, bytes: 0 };
  /** A few rows after a few, and where told the batches of the same age, while `goesOn` (with the bytes freed so far) and while there is something. */
  const repeat = async (
    batch: (from: Date) => ReturnType<typeof deleteLookups>,
    goesOn: (freed: number) => boolean,
    withBatches = false,
  ): Promise<void> => {
    let from = new Date(0);
    for (let freed = 0; !ctx.signal.aborted && goesOn(freed);) {
      const { lookups, answers, bytes, last_at: lastAt } = await batch(from);
      if (lastAt === null) {
        if (withBatches) await dropBatches(endedBefore, (freedToo) => goesOn(freed + freedToo));
        return;
      }
      from = lastAt;
      freed += bytes;
      total = {
        lookups: total.lookups + lookups,
        answers: total.answers + answers,
        batches: total.batches,
        bytes: total.bytes + bytes,
      };
      if (withBatches) freed += await dropBatches(lastAt, (freedToo) => goesOn(freed + freedToo));
    }
  };
  /** Batches that ended before, the oldest first; returns the bytes freed. */
  const dropBatches = async (before: Date, goesOn: (freed: number) => boolean): Promise<number> => {
    let freed = 0;
    while (!ctx.signal.aborted && goesOn(freed)) {
      const { batches, bytes } = await deleteBatch(pool, before);
      if (batches === 0) break;
      freed += bytes;
      total = { ...total, batches: total.batches + batches, bytes: total.bytes + bytes };
    }
    return freed;
  };
  try {
    const { lookups, answers } = limitsOf(settings, now);
    if (lookups)
      await repeat((from) => deleteLookups(pool, lookups, endedBefore, { from, most: lookupsPerBatch }), always);
    if (lookups) await dropBatches(lookups < endedBefore ? lookups : endedBefore, always);
    for (const { outcome, before } of answers)
      await repeat(
        (from) => deleteAnswers(pool, outcome, { before, endedBefore, now }, { from, most: answersPerBatch }),
        always,
      );
    const limit = limitBytes(settings);
    if (limit !== null && !ctx.signal.aborted) {
      const over = (await measureLookups(pool)).usedBytes - limit;
      await repeat(
        (from) => deleteLookups(pool, endedBefore, endedBefore, { from, most: lookupsPerBatch }),
        (freed) => freed < over,
        true,
      );
    }
  } catch (error) {
    // Why it ended early is what matters, not that this could not be recorded either.
    await recordDeleted(ctx, total).catch((err: unknown) => ctx.log.error({ err, deleted: total }, unrecorded));
    throw error;
  }
  await recordDeleted(ctx, total);
  return total;
}

const unrecorded = "what retention deleted could not be recorded as an event";

async function recordDeleted(ctx: Context, { lookups, answers, batches }: Deleted): Promise<void> {
  if (lookups + answers + batches === 0) return;
  const name = `${lookups} lookups, ${answers} answers, ${batches} batches`;
  await recordAudit(ctx.db.prisma, ctx, { action: "request.prune", object: { type: "request", id: null, name } });
}

/** How much lookups take up, and what `pruneLookups` would delete now. */
export async function getRetention(ctx: Context, settings: Settings): Promise<Retention> {
  const { pool } = ctx.db;
  const { lookups, answers } = limitsOf(settings, ctx.clock.now());
  const { usedBytes, diskBytes, oldestAt } = await measureLookups(pool);
  const counted = { ok: 0, not_found: 0, skipped: 0, failed: 0 };
  for (const { outcome, before } of answers) counted[outcome] = await countAnswers(pool, outcome, lookups, before);
  const limit = limitBytes(settings);
  return {
    usedBytes,
    diskBytes,
    limitBytes: limit,
    oldestAt: oldestAt?.toISOString() ?? null,
    due: {
      lookups: lookups ? await countLookups(pool, lookups) : 0,
      batches: lookups ? await countBatches(pool, lookups, countMost) : 0,
      answers: counted,
      bytes: limit === null ? 0 : Math.max(0, usedBytes - limit),
    },
  };
}

const always = (): boolean => true;

/** Up to when lookups go, and answers of each outcome; those that are kept for ever are not named. */
function limitsOf(
  settings: Settings,
  now: Date,
): {
  readonly lookups: Date | null;
  readonly answers: readonly { readonly outcome: Outcome; readonly before: Date }[];
} {
  // Lookups that share the answers of one are younger than it by so much at the most, and go with it.
  const beforeOf = (days: number): Date | null =>
    days === 0 ? null : new Date(now.getTime() - days * dayMs - sharedForMs);
  const days: Readonly<Record<Outcome, number>> = {
    ok: settings.okDaysKept,
    not_found: settings.notFoundDaysKept,
    failed: settings.failedDaysKept,
    skipped: settings.skippedDaysKept,
  };
  const answers = Outcome.options.flatMap((outcome) => {
    const before = beforeOf(days[outcome]);
    return before ? [{ outcome, before }] : [];
  });
  return { lookups: beforeOf(settings.lookupDaysKept), answers };
}

function limitBytes({ lookupMebibytesMax }: Settings): number | null {
  return lookupMebibytesMax === 0 ? null : lookupMebibytesMax * mebibyte;
}
