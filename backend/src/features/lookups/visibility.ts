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

/** Opens or closes a lookup; whichever node runs it is told when the transaction commits. */
export async function storeVisibility(
  db: Database,
  tx: Transaction,
  id: string,
  visibility: Visibility,
): Promise<void> {
  await tx.request.update({ where: { id }, data: { visibility } });
  await db.notify(channel, `${id} ${visibility}`, tx);
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

/** Opens or closes a lookup that this process runs; whoever watches it is looked at anew. */
export function showTo(lookup: LiveLookup, visibility: Visibility): void {
  lookup.request = { ...lookup.request, visibility };
  for (const watcher of lookup.watchers) watcher();
}

/** Keeps the visibility of running lookups as the database has it, whichever node changes it. */
export async function followVisibility(
  db: Database,
  lives: ReadonlyMap<string, LiveLookup>,
  log: Logger,
): Promise<void> {
  const show = (id: string, word: unknown): void => {
    const lookup = lives.get(id);
    const visibility = Visibility.safeParse(word).data;
    if (lookup && visibility && lookup.request.visibility !== visibility) showTo(lookup, visibility);
  };
  const readAll = async (): Promise<void> => {
    const where = { id: { in: [...lives.keys()] } };
    for (const row of await db.prisma.request.findMany({ where, select: { id: true, visibility: true } }))
      show(row.id, row.visibility);
  };
  await db.listen(channel, (payload) => {
    if (payload) {
      const [id = "", word] = payload.split(" ");
      show(id, word);
    } else if (lives.size > 0) readAll().catch((err: unknown) => log.warn({ err }, "visibilities could not be read"));
  });
}
