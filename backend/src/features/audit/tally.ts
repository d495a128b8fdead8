import type { Logger } from "@assay/process";
import type { Database } from "../../db/database.ts";
import { type AuditContext, type AuditEntry, recordAudit } from "./record.ts";

/**
 * Records what a caller can cause as often as they like, such as wrong passwords: the first of its kind at once, the others of the same
 * window as one event with their number. So an attacker cannot fill the disk.
 */
export interface AuditTally {
  note(ctx: AuditContext, entry: AuditEntry): void;
  /** Writes what has been counted so far. */
  close(): Promise<void>;
}

export interface AuditTallyOptions {
  readonly windowMs?: number;
  /** Kinds (action, object, address) that get events of their own per window; what is beyond is counted by action alone. */
  readonly kindsMax?: number;
}

interface Counted {
  ctx: AuditContext;
  readonly entry: AuditEntry;
  count: number;
}

export function createAuditTally(
  db: Database,
  log: Logger,
  { windowMs = 60_000, kindsMax = 30 }: AuditTallyOptions = {},
): AuditTally {
  let counted = new Map<string, Counted>();
  let window: NodeJS.Timeout | undefined;
  const writing = new Set<Promise<void>>();

  const write = (ctx: AuditContext, entry: AuditEntry): void => {
    const written = recordAudit(db.prisma, ctx, entry)
      .catch((err: unknown) => log.warn({ err, action: entry.action }, "an event could not be recorded"))
      .finally(() => writing.delete(written));
    writing.add(written);
  };
  const flush = (): void => {
    clearTimeout(window);
    window = undefined;
    const full = counted;
    counted = new Map();
    for (const { ctx, entry, count } of full.values()) if (count > 0) write(ctx, { ...entry, count });
  };

  return {
    note(ctx, entry) {
      window ??= setTimeout(flush, windowMs);
      const key = JSON.stringify([entry.action, entry.object, ctx.origin?.address]);
      const known = counted.get(key);
      if (known) {
        known.count++;
        known.ctx = ctx;
      } else if (counted.size < kindsMax) {
        counted.set(key, { ctx, entry, count: 0 });
        write(ctx, entry);
      } else countBeyond(counted, ctx, entry);
    },
    async close() {
      flush();
      await Promise.all(writing);
    },
  };
}

function countBeyond(counted: Map<string, Counted>, ctx: AuditContext, entry: AuditEntry): void {
  const known = counted.get(entry.action);
  if (known) {
    known.count++;
    return;
  }
  const object = { type: entry.object.type, id: null, name: "many more" };
  const nobody = { actor: { type: "anonymous" }, clock: ctx.clock, origin: null } as const;
  counted.set(entry.action, { ctx: nobody, entry: { action: entry.action, object }, count: 1 });
}
