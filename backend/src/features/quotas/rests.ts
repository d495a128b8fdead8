import type { Logger } from "@assay/process";
import type { Clock } from "../../context.ts";
import type { Database, Transaction } from "../../db/database.ts";
import { followChanges } from "../../db/follow-changes.ts";
import { createWriteBehind } from "./write-behind.ts";

/** A secret or a source, by its id. */
export const subjectOfSecret = (id: string): string => `secret:${id}`;
export const subjectOfSource = (id: string): string => `source:${id}`;

/** Who is not asked for a while because its provider said stop: known to every node, and kept over restarts. */
export interface Rests {
  /** Milliseconds since the epoch; 0: it does not rest. */
  untilMs(subject: string): number;
  /** At once in this process, and written behind, as soon as it can be; a rest is never made shorter. */
  rest(subject: string, untilMs: number): void;
  /** Ends a rest, in the transaction of what ends it; after `written`, so that none that is on its way comes after. */
  lift(tx: Transaction, subject: string): Promise<void>;
  /** Resolves when what this process knows has been written, or could not be. */
  written(): Promise<void>;
  /** Reads them again; resolves when this process knows. */
  reload(): Promise<void>;
  /** Called when a rest may have ended early. */
  onLift(listener: () => void): void;
  /** Waits for what is still being written. */
  close(): Promise<void>;
}

const channel = "quota_rests_changed";

export async function openRests(db: Database, clock: Clock, log: Logger): Promise<Rests> {
  let known = new Map<string, number>();
  const listeners: (() => void)[] = [];

  const load = async (): Promise<void> => {
    const rows = await db.prisma.quotaRest.findMany({ where: { until: { gt: clock.now() } } });
    known = new Map(rows.map(({ subject, until }) => [subject, until.getTime()]));
    for (const listener of listeners) listener();
  };
  await db.prisma.quotaRest.deleteMany({ where: { until: { lte: clock.now() } } });
  const changes = await followChanges(db, { channels: [channel], what: "the rests of quotas", log, load });
  const write = async (subject: string, untilMs: number): Promise<void> => {
    // Over before it could be written.
    if (untilMs <= clock.now().getTime()) return;
    const until = new Date(untilMs);
    await db.transaction(async (tx) => {
      await tx.$executeRaw`
        INSERT INTO quota_rests (subject, until, updated_at) VALUES (${subject}, ${until}, ${clock.now()})
        ON CONFLICT (subject) DO UPDATE SET until = GREATEST(quota_rests.until, EXCLUDED.until), updated_at = EXCLUDED.updated_at`;
      await db.notify(channel, subject, tx);
    });
    await changes.reload();
  };
  const behind = createWriteBehind({
    write,
    delayMs: 0,
    onFailure: (err) =>
      log.warn(
        { err },
        "that a provider said stop is known to this node only until it can be written, which is tried again",
      ),
  });

  const untilMs = (subject: string): number => {
    const latestMs = Math.max(known.get(subject) ?? 0, behind.pending.get(subject) ?? 0);
    return latestMs > clock.now().getTime() ? latestMs : 0;
  };
  return {
    untilMs,
    rest(subject, wantedMs) {
      if (wantedMs <= untilMs(subject)) return;
      behind.set(subject, wantedMs);
    },
    async lift(tx, subject) {
      behind.drop(subject);
      await tx.quotaRest.deleteMany({ where: { subject } });
      await db.notify(channel, subject, tx);
    },
    written: behind.flush,
    reload: () => changes.reload(),
    onLift: (listener) => void listeners.push(listener),
    async close() {
      await behind.close();
      await changes.close();
    },
  };
}
