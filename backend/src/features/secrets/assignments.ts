import type { SecretAssignments, SecretSlot, SourceSecrets } from "@assay/contract";
import type { Context } from "../../context.ts";
import { fail, failValidation } from "../../problem-error.ts";
import { lockSource, type SourceRow } from "../sources/queries.ts";
import { existingSource } from "../sources/service.ts";
import { knownSecretIds, listAssignments, replaceAssignments, secretsChannel } from "./queries.ts";
import { recordAssignment } from "./record-secret.ts";
import type { SecretStore, SlotOwner, SlotSecret } from "./secret-store.ts";
import { expiryAt, type SecretTools } from "./service.ts";
import { hostsFor } from "./slot-standing.ts";

/** A source's slots and what fills them. @throws ProblemError NOT_FOUND */
export async function getSourceSecrets(ctx: Context, store: SecretStore, sourceId: string): Promise<SourceSecrets> {
  return shown(ctx, store, await existingSource(ctx, { id: sourceId }));
}

/** Fills a source's slots anew, all of them. @throws ProblemError NOT_FOUND, VALIDATION_FAILED */
export async function assignSecrets(
  ctx: Context,
  { store }: SecretTools,
  sourceId: string,
  { slots: wanted }: SecretAssignments,
): Promise<SourceSecrets> {
  const source = await ctx.db.transaction(async (tx) => {
    const found = (await lockSource(tx, sourceId)) ?? fail("NOT_FOUND", `There is no source ${sourceId}.`);
    const known = await knownSecretIds(
      tx,
      wanted.flatMap(({ secretIds }) => secretIds),
    );
    check(found, wanted, known);
    const slots = new Map(slotsOf(found).map((slot) => [slot.name, slot]));
    const rows = wanted.flatMap(({ name, secretIds }) =>
      secretIds.map((secretId, position) => {
        const exposed = slots.get(name)?.exposed ?? false;
        return { sourceId, slot: name, secretId, position, exposed };
      }),
    );
    const before = await listAssignments(tx, sourceId);
    await replaceAssignments(tx, sourceId, rows);
    await recordAssignment(tx, ctx, found, before, rows);
    await ctx.db.notify(secretsChannel, "", tx);
    return found;
  });
  await store.reload();
  return shown(ctx, store, source);
}

function check(source: SourceRow, wanted: SecretAssignments["slots"], known: ReadonlySet<string>): void {
  const names = new Set(slotsOf(source).map(({ name }) => name));
  const errors = wanted.flatMap(({ name, secretIds }, index) => {
    const at = `body.slots[${index}]`;
    const isRepeated = wanted.findIndex((other) => other.name === name) !== index;
    return [
      ...(names.has(name) ? [] : [{ field: `${at}.name`, message: `is not a secret slot of ${source.name}` }]),
      ...(isRepeated ? [{ field: `${at}.name`, message: "is named twice" }] : []),
      ...secretIds.flatMap((id, nth) => {
        const field = `${at}.secretIds[${nth}]`;
        if (!known.has(id)) return [{ field, message: "is not the id of a secret" }];
        return secretIds.indexOf(id) === nth ? [] : [{ field, message: "is named twice" }];
      }),
    ];
  });
  if (errors.length > 0) failValidation(errors);
}

/** The slots went through the contract's schema when the source was saved. */
export function slotsOf(source: Pick<SourceRow, "secretSlots">): SecretSlot[] {
  return source.secretSlots as SecretSlot[];
}

function shown(ctx: Context, store: SecretStore, source: SourceRow): SourceSecrets {
  const nowMs = ctx.clock.now().getTime();
  const owner: SlotOwner = { snapshot: source, hosts: source.hosts, secretSlots: slotsOf(source) };
  return {
    slots: store.slots(owner).map(({ slot, standing, secrets }) => ({
      ...slot,
      state: standing.state,
      secrets: secrets.map((secret) => assigned(slot, source.hosts, secret, nowMs)),
    })),
  };
}

function assigned(
  slot: SecretSlot,
  hosts: readonly string[],
  secret: SlotSecret,
  nowMs: number,
): SourceSecrets["slots"][number]["secrets"][number] {
  return {
    id: secret.id,
    name: secret.name,
    expiry: expiryAt(secret.expiresAtMs, nowMs),
    expiresAt: secret.expiresAtMs === null ? null : new Date(secret.expiresAtMs).toISOString(),
    refused: secret.refused,
    readable: secret.value !== null,
    restsUntil: secret.restsUntilMs > nowMs ? new Date(secret.restsUntilMs).toISOString() : null,
    effectiveHosts: hostsFor(slot, hosts, secret),
    exposureUnconfirmed: slot.exposed && !secret.exposed,
  };
}
