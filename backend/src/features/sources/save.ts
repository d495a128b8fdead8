import {
  cacheLifetimesOfExposure,
  type ConfigSchema,
  maxTlpOfExposure,
  type SecretSlot,
  type Source,
  type SourceInput,
  type SourcePatch,
} from "@assay/contract";
import { requireUser } from "../../authorise.ts";
import type { Context } from "../../context.ts";
import type { Transaction } from "../../db/database.ts";
import { isUniqueViolation } from "../../db/violations.ts";
import { newId } from "../../ids.ts";
import { fail } from "../../problem-error.ts";
import { failTaken, insertWithSlug } from "../../slug.ts";
import { checkCode, checkConfig, checkProvider, checkSecretSlots } from "./checks.ts";
import { sourcesChannel, type SourceEngine } from "./engine.ts";
import {
  insertSource,
  insertVersion,
  lockSource,
  type SourceFields,
  type SourceRow,
  sourceSlugs,
  updateSource,
} from "./queries.ts";
import { existingSource } from "./service.ts";
import { recordSource } from "./record-source.ts";
import { hashCode, isNewVersion, manifestOf, sourceOf, writable } from "./source-fields.ts";

/** Adds a source with its first version. @throws ProblemError CODE_DOES_NOT_COMPILE, VALIDATION_FAILED, CONFLICT, UNAVAILABLE */
export async function createSource(ctx: Context, engine: SourceEngine, input: SourceInput): Promise<Source> {
  checkConfig(input.config, input.configValues);
  checkSecretSlots(input.secretSlots, input.hosts);
  await checkProvider(ctx, input.providerId);
  const id = newId();
  await checkCode(ctx, engine, input.language, id, input.code);
  const userId = requireUser(ctx.actor).id;
  const now = ctx.clock.now();
  const taken = (prefix: string): Promise<string[]> => sourceSlugs(ctx.db, prefix);
  const choice = { wanted: input.slug, name: input.name, fallback: "source", taken };
  const row = await insertWithSlug(choice, (slug) => {
    const source = {
      ...input,
      id,
      slug,
      maxTlp: input.maxTlp ?? maxTlpOfExposure[input.exposure],
      cacheLifetimes: input.cacheLifetimes ?? cacheLifetimesOfExposure[input.exposure],
      codeHash: hashCode(input.code),
      versionId: newId(),
      versionNumber: 1,
      catalogue: false,
      createdAt: now,
      updatedAt: now,
      createdUserId: userId,
      updatedUserId: userId,
    };
    return ctx.db.transaction(async (tx) => {
      const inserted = await insertSource(tx, source);
      await writeVersion(tx, source);
      await recordSource(tx, ctx, "source.create", null, inserted);
      await ctx.db.notify(sourcesChannel, "", tx);
      return inserted;
    });
  });
  await engine.reload();
  return sourceOf(row);
}

/**
 * Changes a source; where code or manifest change, a version is added in the same transaction.
 * @throws ProblemError NOT_FOUND, CODE_DOES_NOT_COMPILE, VALIDATION_FAILED, CONFLICT, UNAVAILABLE
 */
export async function patchSource(ctx: Context, engine: SourceEngine, id: string, patch: SourcePatch): Promise<Source> {
  const source = await existingSource(ctx, { id });
  if (source.catalogue && patch.slug !== undefined && patch.slug !== source.slug) {
    fail("CONFLICT", `The slug of ${source.name} is that of the catalogue and stays.`, [
      { field: "body.slug", message: "cannot be changed" },
    ]);
  }
  if (patch.providerId !== undefined) await checkProvider(ctx, patch.providerId);
  if (patch.code !== undefined && hashCode(patch.code) !== source.codeHash) {
    await checkCode(ctx, engine, source.language as Source["language"], id, patch.code);
  }
  const { versionId, ...change } = patch;
  const decide = (before: SourceRow): Partial<SourceFields> => {
    if (versionId !== undefined && versionId !== before.versionId) failChanged(before);
    return changeOf(ctx, before, change);
  };
  return changeSource(ctx, engine, id, "source.update", decide).catch((error: unknown) => {
    if (patch.slug !== undefined && isUniqueViolation(error)) failTaken(patch.slug);
    throw error;
  });
}

function failChanged({ name, versionNumber }: SourceRow): never {
  const detail = `${name} has been changed in the meantime; version ${versionNumber} is in use. Nothing has been saved.`;
  return fail("CONFLICT", detail, [{ field: "body.versionId", message: "is no longer the newest version" }]);
}

/**
 * Writes what `decide` makes of the source as it is now, with a version where there is a new one, all or nothing.
 * @throws ProblemError NOT_FOUND, and what `decide` throws
 */
export async function changeSource(
  ctx: Context,
  engine: SourceEngine,
  id: string,
  action: `source.${string}`,
  decide: (before: SourceRow) => Partial<SourceFields>,
): Promise<Source> {
  const row = await ctx.db.transaction(async (tx) => {
    const before = (await lockSource(tx, id)) ?? fail("NOT_FOUND", `There is no source ${id}.`);
    const changed = await updateSource(tx, id, decide(before));
    if (changed.versionId !== before.versionId) await writeVersion(tx, writable(changed));
    await recordSource(tx, ctx, action, before, changed);
    await ctx.db.notify(sourcesChannel, "", tx);
    return changed;
  });
  await engine.reload();
  return sourceOf(row);
}

/** What a patch changes. The language changes only with a version that was written in another one; `at` is where settings come from. */
export function changeOf(
  ctx: Context,
  before: SourceRow,
  patch: Omit<SourcePatch, "versionId"> & { readonly language?: Source["language"] },
  at = "body",
): Partial<SourceFields> {
  const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as typeof patch;
  const after = { ...before, ...given, codeHash: given.code === undefined ? before.codeHash : hashCode(given.code) };
  checkConfig(after.config as ConfigSchema, after.configValues as Record<string, unknown>, at);
  if (given.hosts ?? given.secretSlots) checkSecretSlots(after.secretSlots as SecretSlot[], after.hosts ?? [], at);
  return {
    ...(given as Partial<SourceFields>),
    codeHash: after.codeHash,
    ...(isNewVersion(before, after) && { versionId: newId(), versionNumber: before.versionNumber + 1 }),
    updatedAt: ctx.clock.now(),
    updatedUserId: requireUser(ctx.actor).id,
  };
}

/** Keeps the source as it is now as its newest version. */
export async function writeVersion(tx: Transaction, source: SourceFields): Promise<void> {
  await insertVersion(tx, {
    id: source.versionId,
    sourceId: source.id,
    number: source.versionNumber,
    code: source.code,
    codeHash: source.codeHash,
    manifest: manifestOf(source),
    createdAt: source.updatedAt,
    createdUserId: source.updatedUserId,
  });
}
