import { type Tlp, Visibility } from "@assay/contract";
import type { Logger } from "@assay/process";
import type { Database, Transaction } from "../../db/database.ts";
import { failValidation } from "../../problem-error.ts";
import type { LiveLookup } from "./live-lookup.ts";

const channel = "lookup_visibility";

/** Who is to see a lookup: what was asked for, else the server's default; its owner alone under TLP:RED. @throws ProblemError VALIDATION_FAILED */
export function visibilityOf(tlp: Tlp, asked: Visibility | undefined, fallback: Visibility): Visibility {
  if (tlp !== "RED") return asked ?? fallback;
  if (asked !== "everyone") return "private";
  return failValidation([
    {
      field: "body.visibility",
      message: "cannot be everyone for a lookup under TLP:RED: leave it out, or ask under another TLP",
    },
  ]);
}

/** Opens or closes lookups of one tree; whichever nodes run them are told when the transaction commits. */
export async function storeVisibility(
  db: Database,
  tx: Transaction,
  ids: readonly string[],
  visibility: Visibility,
): Promise<void> {
  await tx.request.updateMany({ where: { id: { in: [...ids] } }, data: { visibility } });
  await db.notify(channel, [visibility, ...ids].join(" "), tx);
}

/** Opens or closes the lookups of a batch, which is not under way, but for some that stay closed; whichever node still has one is told. */
export async function storeVisibilities(
  db: Database,
  tx: Transaction,
  batchId: string,
  visibility: Visibility,
  closed: readonly string[],
): Promise<void> {
  const isOpen = visibility === "everyone";
  await tx.$executeRaw`
    UPDATE requests SET visibility = ${visibility}
    WHERE batch_id = ${batchId} AND visibility <> ${visibility} AND NOT (${isOpen} AND (tlp = 'RED' OR id = ANY(${[...closed]})))`;
  await db.notify(channel, "", tx);
}

export interface VisibilityWatch {
  /** Reads how it is at the time of the call or later. Never rejects: where it cannot be read, what is told still comes. */
  refresh(): Promise<void>;
}

/** Keeps the visibility of running lookups as the database has it, whichever node changes it. */
export async function watchVisibility(
  db: Database,
  lives: ReadonlyMap<string, LiveLookup>,
  log: Logger,
): Promise<VisibilityWatch> {
  /** Of which lookups was told while all were read: that is newer than what was read. */
  let told: Set<string> | null = null;
  let reading = Promise.resolve();
  let next: Promise<void> | null = null;
  const show = (id: string, word: unknown): void => {
    const lookup = lives.get(id);
    const visibility = Visibility.safeParse(word).data;
    if (!lookup || !visibility || lookup.request.visibility === visibility) return;
    lookup.request = { ...lookup.request, visibility };
    // Whoever watches it is looked at anew.
    for (const watcher of lookup.watchers) watcher();
  };
  const readAll = async (): Promise<void> => {
    if (lives.size === 0) return;
    const since = (told = new Set<string>());
    try {
      const where = { id: { in: [...lives.keys()] } };
      const rows = await db.prisma.request.findMany({ where, select: { id: true, visibility: true } });
      for (const row of rows) if (!since.has(row.id)) show(row.id, row.visibility);
    } catch (err) {
      log.warn({ err }, "visibilities could not be read");
    } finally {
      told = null;
    }
  };
  /** One after the other; those who come while one is under way share the next. */
  const refresh = (): Promise<void> =>
    (next ??= reading.then(() => {
      next = null;
      return (reading = readAll());
    }));
  await db.listen(channel, (payload) => {
    if (!payload) return void refresh();
    const [word, ...ids] = payload.split(" ");
    for (const id of ids) {
      told?.add(id);
      show(id, word);
    }
  });
  return { refresh };
}
