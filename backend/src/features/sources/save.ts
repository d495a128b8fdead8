import {
  type ConfigSchema,
  configValueProblems,
  type FieldError,
  maxTlpOfExposure,
  type Source,
  type SourceInput,
  type SourcePatch,
} from "@assay/contract";
import { requireUser } from "../../authorise.ts";
import type { Context } from "../../context.ts";
import type { Transaction } from "../../db/database.ts";
import { isUniqueViolation } from "../../db/violations.ts";
import { newId } from "../../ids.ts";
import { fail, failValidation } from "../../problem-error.ts";
import { failTaken, insertWithSlug } from "../../slug.ts";
import { findProvider } from "../providers/queries.ts";
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
import { hashCode, isNewVersion, manifestOf, sourceOf } from "./source-fields.ts";

/** Adds a source with its first version. @throws ProblemError CODE_DOES_NOT_COMPILE, VALIDATION_FAILED, CONFLICT, UNAVAILABLE */
export async function createSource(ctx: Context, engine: SourceEngine, input: SourceInput): Promise<Source> {
  checkConfig(input.config, input.configValues);
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
  const row = await ctx.db
    .transaction(async (tx) => {
      const before = (await lockSource(tx, id)) ?? fail("NOT_FOUND", `There is no source ${id}.`);
      const changed = await updateSource(tx, id, changeOf(ctx, before, patch));
      if (changed.versionId !== before.versionId) await writeVersion(tx, writable(changed));
      await ctx.db.notify(sourcesChannel, "", tx);
      return changed;
    })
    .catch((error: unknown) => {
      if (patch.slug !== undefined && isUniqueViolation(error)) failTaken(patch.slug);
      throw error;
    });
  await engine.reload();
  return sourceOf(row);
}

function changeOf(ctx: Context, before: SourceRow, patch: SourcePatch): Partial<SourceFields> {
  const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as SourcePatch;
  const after = { ...before, ...given, codeHash: given.code === undefined ? before.codeHash : hashCode(given.code) };
  checkConfig(after.config as ConfigSchema, after.configValues as Record<string, unknown>);
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

/** A row as it can be written again. */
export function writable({ provider: _provider, catalogueManifest: _manifest, ...row }: SourceRow): SourceFields {
  return { ...row, config: row.config ?? {}, configValues: row.configValues ?? {} };
}

async function checkProvider(ctx: Context, id: string): Promise<void> {
  if (await findProvider(ctx.db, { id })) return;
  failValidation([{ field: "body.providerId", message: "is not the id of a provider" }]);
}

async function checkCode(
  ctx: Context,
  engine: SourceEngine,
  language: Source["language"],
  sourceId: string,
  code: string,
): Promise<void> {
  const check = await engine.compileCheck(language, sourceId, code, ctx.signal);
  if (check.ok) return;
  if ("unavailable" in check) fail("UNAVAILABLE", `${check.unavailable}. Nothing has been saved.`);
  const [first] = check.errors;
  const where =
    first?.line === undefined ? "" : ` (line ${first.line}${first.column ? `, column ${first.column}` : ""})`;
  fail(
    "CODE_DOES_NOT_COMPILE",
    `The code does not compile: ${first?.message ?? "no reason was given"}${where}`,
    check.errors,
  );
}

function checkConfig(schema: ConfigSchema, values: Readonly<Record<string, unknown>>): void {
  const defaults = Object.fromEntries(Object.entries(schema).map(([name, property]) => [name, property.default]));
  const errors: FieldError[] = [
    ...configValueProblems(schema, defaults).map(({ name, message }) => ({
      field: `body.config.${name}.default`,
      message,
    })),
    ...configValueProblems(schema, values).map(({ name, message }) => ({
      field: `body.configValues.${name}`,
      message,
    })),
  ];
  if (errors.length > 0) failValidation(errors);
}
