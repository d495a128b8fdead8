import {
  cacheLifetimesOfExposure,
  type Source,
  type SourceVersionManifest,
  type WholeSourceVersion,
} from "@assay/contract";
import type { Context } from "../../context.ts";
import { fail } from "../../problem-error.ts";
import { checkCode, checkProvider } from "./checks.ts";
import type { SourceEngine } from "./engine.ts";
import { findVersion } from "./queries.ts";
import { changeOf, changeSource } from "./save.ts";
import { existingSource } from "./service.ts";

/** One version with its code and manifest. @throws ProblemError NOT_FOUND */
export async function getVersion(ctx: Context, id: string, versionId: string): Promise<WholeSourceVersion> {
  const { strip } = await existingSource(ctx, { id });
  const found = await findVersion(ctx.db, id, versionId);
  if (found === null) fail("NOT_FOUND", `The source ${id} has no version ${versionId}.`);
  const { sourceId: _sourceId, createdAt, manifest, ...version } = found;
  const said = manifest as object as Partial<SourceVersionManifest> & Pick<SourceVersionManifest, "exposure">;
  // Versions from before there were slots, or a cache, say nothing of them; those from before stripping must not switch it off.
  const unsaid = { secretSlots: [], strip, cacheLifetimes: cacheLifetimesOfExposure[said.exposure] };
  const whole = { ...unsaid, ...said } as SourceVersionManifest;
  return { ...version, manifest: whole, createdAt: createdAt.toISOString() };
}

/**
 * Gives a source the code and manifest of one of its versions again, as a new version; checked like every save. What is no
 * part of a version (switches, values of settings) stays.
 * @throws ProblemError NOT_FOUND, CONFLICT, CODE_DOES_NOT_COMPILE, VALIDATION_FAILED, UNAVAILABLE
 */
export async function rollBackSource(
  ctx: Context,
  engine: SourceEngine,
  id: string,
  versionId: string,
): Promise<Source> {
  const source = await existingSource(ctx, { id });
  const { number, code, codeHash, manifest } = await getVersion(ctx, id, versionId);
  await checkProvider(ctx, manifest.providerId, "version.manifest");
  if (codeHash !== source.codeHash || manifest.language !== source.language)
    await checkCode(ctx, engine, manifest.language, id, code);
  return changeSource(ctx, engine, id, "source.rollBack", (before) => {
    const change = changeOf(ctx, before, { ...manifest, code }, "source");
    return change.versionId === undefined
      ? fail("CONFLICT", `${before.name} already has the code and manifest of version ${number}.`)
      : change;
  });
}
