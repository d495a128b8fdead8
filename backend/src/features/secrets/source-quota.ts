import type { QuotaWindow, SourceQuota } from "@assay/contract";
import type { Context } from "../../context.ts";
import { liftRest } from "../quotas/lift-rest.ts";
import { subjectOfSecret, subjectOfSource } from "../quotas/rests.ts";
import type { SourceRow } from "../sources/queries.ts";
import { existingSource } from "../sources/service.ts";
import { slotsOf } from "./assignments.ts";
import type { SecretTools } from "./service.ts";

/** What is left of the quotas that hold for a source; which secrets they are of, it tells who may see secrets. @throws ProblemError NOT_FOUND */
export async function getSourceQuota(ctx: Context, tools: SecretTools, id: string): Promise<SourceQuota> {
  return shown(ctx, tools, await existingSource(ctx, { id }));
}

/** Ends the rest of a source itself. @throws ProblemError NOT_FOUND, CONFLICT where it does not rest */
export async function liftSourceRest(ctx: Context, tools: SecretTools, id: string): Promise<SourceQuota> {
  const source = await existingSource(ctx, { id });
  const object = { type: "source", id, name: source.name };
  await liftRest(ctx, tools, { subject: subjectOfSource(id), object, action: "source.liftRest" });
  return shown(ctx, tools, source);
}

async function shown({ actor }: Context, { store, quotas }: SecretTools, source: SourceRow): Promise<SourceQuota> {
  const maySeeSecrets = "scopes" in actor && actor.scopes.has("secrets:read");
  const slots = store.slots({ snapshot: source, hosts: source.hosts, secretSlots: slotsOf(source) });
  const ofSecrets = slots.flatMap(({ slot, secrets }) =>
    secrets.map(({ id, name, quota, quotaReservePercent }) => ({
      secret: maySeeSecrets ? { slot: slot.name, id, name } : { slot: slot.name, id: null, name: null },
      subject: subjectOfSecret(id),
      quota,
      reservePercent: quotaReservePercent,
    })),
  );
  const own = {
    secret: null,
    subject: subjectOfSource(source.id),
    quota: source.quota as unknown as QuotaWindow[],
    reservePercent: source.quotaReservePercent,
  };
  // With a required slot the source is never asked without a secret.
  const asked = [...ofSecrets, ...(slots.some(({ slot }) => slot.required) ? [] : [own])];
  const standings = await quotas.standings(asked);
  return {
    quotas: asked.flatMap(({ secret, reservePercent }, at) => {
      const standing = standings[at];
      return standing ? [{ secret, reservePercent, standing }] : [];
    }),
  };
}
