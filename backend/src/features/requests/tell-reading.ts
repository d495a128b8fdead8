import type { RequestSummary } from "@assay/contract";
import { requireUser } from "../../authorise.ts";
import type { Context } from "../../context.ts";
import { type Guarded, isForeign } from "../../may-read.ts";
import { lockName } from "../../db/lock-name.ts";
import { objectsRecorded } from "../audit/queries.ts";
import { type AuditEntry, recordAudit } from "../audit/record.ts";

const windowMs = 60 * 60 * 1000;

/** A lookup as the object of an event. What a private one was about is for nobody to find there. */
export function lookupObject({
  id,
  data,
  visibility,
}: Pick<RequestSummary, "id" | "data" | "visibility">): AuditEntry["object"] {
  return { type: "request", id, name: visibility === "private" ? "a private lookup" : data };
}

const objectsOf = {
  request: (id: string) => lookupObject({ id, data: "", visibility: "private" }),
  batch: (id: string) => ({ type: "batch", id, name: "a private batch" }),
};

/**
 * Records that somebody is about to see others' private lookups or batches: one event per lookup and reader in an hour, on whichever node. Rejects
 * when it cannot be recorded, and then nothing may be shown.
 */
export async function tellReading(
  ctx: Context,
  lookups: readonly (Guarded & { readonly id: string })[],
  type: keyof typeof objectsOf = "request",
): Promise<void> {
  const action = `${type}.read` as const;
  const ids = lookups.filter((lookup) => isForeign(ctx.actor, lookup)).map(({ id }) => id);
  if (ids.length === 0) return;
  const actorId = requireUser(ctx.actor).id;
  const since = new Date(ctx.clock.now().getTime() - windowMs);
  const reading = { action, objectType: type, actorId, since };
  const known = await objectsRecorded(ctx.db.prisma, reading, ids);
  if (ids.every((id) => known.has(id))) return;
  await ctx.db.transaction(async (tx) => {
    await lockName(tx, `${action} ${actorId}`);
    const told = await objectsRecorded(tx, reading, ids);
    for (const id of new Set(ids)) {
      if (told.has(id)) continue;
      await recordAudit(tx, ctx, { action, object: objectsOf[type](id) });
    }
  });
}
