import type { Provider, ProviderInput, ProviderPatch } from "@assay/contract";
import type { Context } from "../../context.ts";
import { isStillReferred, isUniqueViolation } from "../../db/violations.ts";
import { newId } from "../../ids.ts";
import { decodeCursor, type Page, pageOf, type PageQuery, positionByName } from "../../page.ts";
import { fail } from "../../problem-error.ts";
import { failTaken, insertWithSlug } from "../../slug.ts";
import { fieldChanges } from "../audit/field-changes.ts";
import { recordAudit } from "../audit/record.ts";
import type { SourceEngine } from "../sources/engine.ts";
import { sourcesChannel } from "../sources/engine.ts";
import {
  deleteProvider,
  findProvider,
  insertProvider,
  listProviders,
  type ProviderFilter,
  providerSlugs,
  type ProviderRow,
  updateProvider,
} from "./queries.ts";

/** Providers that pass the filter, by name. */
export async function pageProviders(
  ctx: Context,
  { limit, cursor, ...filter }: PageQuery & ProviderFilter,
): Promise<Page<Provider>> {
  const rows = await listProviders(ctx.db, filter, decodeCursor(cursor, positionByName), limit + 1);
  return pageOf(rows, limit, ({ name, id }) => [name, id], providerOf);
}

/** @throws ProblemError NOT_FOUND */
export async function getProvider(ctx: Context, key: { id: string } | { slug: string }): Promise<Provider> {
  return providerOf(await existing(ctx, key));
}

/** @throws ProblemError CONFLICT */
export async function createProvider(ctx: Context, input: ProviderInput): Promise<Provider> {
  const now = ctx.clock.now();
  const taken = (prefix: string): Promise<string[]> => providerSlugs(ctx.db, prefix);
  const choice = { wanted: input.slug, name: input.name, fallback: "provider", taken };
  const row = await insertWithSlug(choice, (slug) => {
    const { family = slug } = input;
    const provider = { ...input, id: newId(), slug, family, catalogue: false, createdAt: now, updatedAt: now };
    return ctx.db.transaction(async (tx) => {
      const inserted = await insertProvider(tx, provider);
      await recordAudit(tx, ctx, {
        action: "provider.create",
        object: objectOf(inserted),
        changes: fieldChanges(null, inserted),
      });
      return inserted;
    });
  });
  return providerOf(row);
}

/** @throws ProblemError NOT_FOUND, CONFLICT */
export async function patchProvider(
  ctx: Context,
  engine: SourceEngine,
  id: string,
  patch: ProviderPatch,
): Promise<Provider> {
  const provider = await existing(ctx, { id });
  const { slug } = patch;
  if (provider.catalogue && slug !== undefined && slug !== provider.slug) {
    fail("CONFLICT", `The slug of ${provider.name} is that of the catalogue and stays.`, [
      { field: "body.slug", message: "cannot be changed" },
    ]);
  }
  const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
  const row = await ctx.db
    .transaction(async (tx) => {
      const changed = await updateProvider(tx, id, { ...given, updatedAt: ctx.clock.now() });
      await recordAudit(tx, ctx, {
        action: "provider.update",
        object: objectOf(changed),
        changes: fieldChanges(provider, changed),
      });
      await ctx.db.notify(sourcesChannel, "", tx);
      return changed;
    })
    .catch((error: unknown) => {
      if (slug !== undefined && isUniqueViolation(error)) failTaken(slug);
      throw error;
    });
  await engine.reload();
  return providerOf(row);
}

/** @throws ProblemError NOT_FOUND, CONFLICT where it comes with Assay or still has sources */
export async function removeProvider(ctx: Context, id: string): Promise<void> {
  const provider = await existing(ctx, { id });
  if (provider.catalogue) {
    fail("CONFLICT", `${provider.name} comes with Assay and cannot be deleted. Disable it instead.`);
  }
  const removed = ctx.db.transaction(async (tx) => {
    await deleteProvider(tx, id);
    const changes = fieldChanges(provider, null);
    await recordAudit(tx, ctx, { action: "provider.delete", object: objectOf(provider), changes });
  });
  await removed.catch((error: unknown) => {
    if (isStillReferred(error)) fail("CONFLICT", `${provider.name} has sources. Delete them first, or disable it.`);
    throw error;
  });
}

function objectOf({ id, name }: ProviderRow): { type: string; id: string; name: string } {
  return { type: "provider", id, name };
}

async function existing(ctx: Context, key: { id: string } | { slug: string }): Promise<ProviderRow> {
  const found = await findProvider(ctx.db, key);
  return found ?? fail("NOT_FOUND", `There is no provider ${"id" in key ? key.id : key.slug}.`);
}

function providerOf({ catalogueManifest: _manifest, createdAt, updatedAt, ...provider }: ProviderRow): Provider {
  return { ...provider, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}
