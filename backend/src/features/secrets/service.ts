import type { QuotaStanding, Secret, SecretExpiry, SecretInput, SecretPatch } from "@assay/contract";
import { requireUser } from "../../authorise.ts";
import type { Context } from "../../context.ts";
import { newId } from "../../ids.ts";
import { decodeCursor, type Page, pageOf, type PageQuery, positionByName } from "../../page.ts";
import { fail, failValidation } from "../../problem-error.ts";
import {
  deleteSecret,
  findSecret,
  insertSecret,
  listSecrets,
  type SecretWithUses,
  updateSecret,
  secretsChannel,
} from "./queries.ts";
import { liftRest } from "../quotas/lift-rest.ts";
import { recordSecret } from "./record-secret.ts";
import type { Quotas } from "../quotas/quotas.ts";
import { type Rests, subjectOfSecret } from "../quotas/rests.ts";
import type { SecretStore } from "./secret-store.ts";
import { placeOfSecret, type Vault } from "./vault.ts";

/** What keeping secrets works with. */
export interface SecretTools {
  readonly vault: Vault;
  readonly store: SecretStore;
  readonly quotas: Quotas;
  readonly rests: Rests;
}

const noticeMs = 14 * 86_400_000;

/** Secrets by name. */
export async function pageSecrets(
  ctx: Context,
  tools: SecretTools,
  { limit, cursor }: PageQuery,
): Promise<Page<Secret>> {
  const rows = await listSecrets(ctx.db, decodeCursor(cursor, positionByName), limit + 1);
  const standings = await standingsOf(tools, rows);
  return pageOf(
    rows,
    limit,
    ({ name, id }) => [name, id],
    (row) => secretOf(ctx, tools.vault, row, standings[rows.indexOf(row)]),
  );
}

/** @throws ProblemError NOT_FOUND */
export async function getSecret(ctx: Context, tools: SecretTools, id: string): Promise<Secret> {
  return shown(ctx, tools, await existingSecret(ctx, id));
}

/** Keeps a secret, encrypted. @throws ProblemError VALIDATION_FAILED */
export async function createSecret(ctx: Context, tools: SecretTools, input: SecretInput): Promise<Secret> {
  const { vault, store } = tools;
  const { value, expiresAt, ...settings } = input;
  const id = newId();
  const now = ctx.clock.now();
  const userId = requireUser(ctx.actor).id;
  const secret = {
    ...settings,
    id,
    expiresAt: expiryOf(ctx, expiresAt),
    ...vault.seal(placeOfSecret(id), value),
    valueSetAt: now,
    refusedSince: null,
    lastUsedAt: null,
    createdAt: now,
    updatedAt: now,
    createdUserId: userId,
    updatedUserId: userId,
  };
  const row = await ctx.db.transaction(async (tx) => {
    const inserted = await insertSecret(tx, secret);
    await recordSecret(tx, ctx, "secret.create", null, inserted);
    await ctx.db.notify(secretsChannel, "", tx);
    return inserted;
  });
  await store.reload();
  return shown(ctx, tools, row);
}

/**
 * Changes a secret; a new value is no longer marked as refused, does not rest, and is not bound by what the provider said of the one before.
 * @throws ProblemError NOT_FOUND, VALIDATION_FAILED
 */
export async function patchSecret(
  ctx: Context,
  tools: SecretTools,
  id: string,
  { value, expiresAt, ...settings }: SecretPatch,
): Promise<Secret> {
  const { vault, store, rests, quotas } = tools;
  const before = await existingSecret(ctx, id);
  const now = ctx.clock.now();
  const given = Object.fromEntries(Object.entries(settings).filter(([, setting]) => setting !== undefined));
  const change = {
    ...given,
    ...(expiresAt !== undefined && { expiresAt: expiryOf(ctx, expiresAt) }),
    ...(value !== undefined && { ...vault.seal(placeOfSecret(id), value), valueSetAt: now, refusedSince: null }),
    updatedAt: now,
    updatedUserId: requireUser(ctx.actor).id,
  };
  if (value !== undefined) await rests.written();
  const row = await ctx.db.transaction(async (tx) => {
    const changed = (await updateSecret(tx, id, change)) ?? noSecret(id);
    if (value !== undefined) await rests.lift(tx, subjectOfSecret(id));
    await recordSecret(tx, ctx, "secret.update", before, changed);
    await ctx.db.notify(secretsChannel, "", tx);
    return changed;
  });
  if (value !== undefined) await rests.reload();
  await store.reload();
  // From now on answers to the value before tell nothing of this one.
  if (value !== undefined) await quotas.forgetTold(subjectOfSecret(id));
  return shown(ctx, tools, row);
}

/** Ends the rest of a secret by hand. @throws ProblemError NOT_FOUND, CONFLICT where it does not rest */
export async function liftSecretRest(ctx: Context, tools: SecretTools, id: string): Promise<Secret> {
  const row = await existingSecret(ctx, id);
  const object = { type: "secret", id, name: row.name };
  await liftRest(ctx, tools, { subject: subjectOfSecret(id), object, action: "secret.liftRest" });
  return shown(ctx, tools, row);
}

/** Deletes a secret; the slots that it fills lose it. @throws ProblemError NOT_FOUND */
export async function removeSecret(ctx: Context, { store }: SecretTools, id: string): Promise<void> {
  const before = await existingSecret(ctx, id);
  await ctx.db.transaction(async (tx) => {
    if (!(await deleteSecret(tx, id))) noSecret(id);
    await recordSecret(tx, ctx, "secret.delete", before, null);
    await ctx.db.notify(secretsChannel, "", tx);
  });
  await store.reload();
}

/** The value itself; who read it is recorded first. @throws ProblemError NOT_FOUND, CONFLICT where it cannot be decrypted */
export async function revealSecret(ctx: Context, vault: Vault, id: string): Promise<{ value: string }> {
  const row = await existingSecret(ctx, id);
  const opened = vault.open(placeOfSecret(id), row);
  if (opened.ok) {
    await ctx.db.transaction((tx) => recordSecret(tx, ctx, "secret.reveal", row, row));
    return { value: opened.text };
  }
  fail(
    "CONFLICT",
    opened.reason === "key_missing"
      ? `The secret is encrypted under the key ${row.keyId}, which ASSAY_ENCRYPTION_KEYS does not have. Add that key, or set a new value.`
      : `The key ${row.keyId} in ASSAY_ENCRYPTION_KEYS does not decrypt the secret. Give the key that it was made with, or set a new value.`,
  );
}

/** @throws ProblemError NOT_FOUND */
export async function existingSecret(ctx: Context, id: string): Promise<SecretWithUses> {
  return (await findSecret(ctx.db, id)) ?? noSecret(id);
}

function noSecret(id: string): never {
  fail("NOT_FOUND", `There is no secret ${id}.`);
}

/** Within 14 days it is time for a new one. */
export function expiryAt(expiresAtMs: number | null, nowMs: number): SecretExpiry {
  if (expiresAtMs === null || expiresAtMs - nowMs > noticeMs) return "valid";
  return expiresAtMs <= nowMs ? "expired" : "expiring";
}

function expiryOf(ctx: Context, expiresAt: string | null): Date | null {
  if (expiresAt === null) return null;
  const at = new Date(expiresAt);
  if (at <= ctx.clock.now()) failValidation([{ field: "body.expiresAt", message: "must be in the future" }]);
  return at;
}

async function shown(ctx: Context, tools: SecretTools, row: SecretWithUses): Promise<Secret> {
  const [standing] = await standingsOf(tools, [row]);
  return secretOf(ctx, tools.vault, row, standing);
}

function standingsOf({ quotas, store }: SecretTools, rows: readonly SecretWithUses[]): Promise<QuotaStanding[]> {
  return quotas.standings(rows.map(({ id }) => ({ subject: subjectOfSecret(id), quota: store.quotaOf(id) })));
}

const noStanding: QuotaStanding = { counted: "unknown", windows: [], restsUntil: null };

function secretOf(ctx: Context, vault: Vault, row: SecretWithUses, standing = noStanding): Secret {
  const opened = vault.open(placeOfSecret(row.id), row);
  return {
    id: row.id,
    name: row.name,
    note: row.note,
    hosts: row.hosts,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    quota: row.quota as Secret["quota"],
    quotaReservePercent: row.quotaReservePercent,
    standing,
    expiry: expiryAt(row.expiresAt?.getTime() ?? null, ctx.clock.now().getTime()),
    valueSetAt: row.valueSetAt.toISOString(),
    valueState: opened.ok ? "readable" : opened.reason,
    refusedSince: row.refusedSince?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    uses: row.sources.map(({ slot, source }) => ({ sourceId: source.id, slug: source.slug, name: source.name, slot })),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    createdUserId: row.createdUserId,
    updatedUserId: row.updatedUserId,
  };
}
