import {
  type CodeDiagnostic,
  type CodeToCheck,
  effectiveConfig,
  type Language,
  type ManifestDiagnostic,
  type SecretSlot,
  type SourceTestInput,
  type SourceTestResult,
} from "@assay/contract";
import { hostDiagnostics, readManifestText, secretDiagnostics } from "@assay/contract/manifest-text";
import { requireUser } from "../../authorise.ts";
import type { Context } from "../../context.ts";
import { fail, failValidation } from "../../problem-error.ts";
import { readIndicator } from "../lookups/indicator.ts";
import { checkConfig, checkSecretSlots } from "./checks.ts";
import type { SourceEngine } from "./engine.ts";
import { findSource } from "./queries.ts";

export interface UnsavedCheck {
  readonly diagnostics: CodeDiagnostic[];
  readonly manifestDiagnostics: ManifestDiagnostic[];
}

/** What the compiler says of code that is not saved, and what is wrong with its manifest. @throws ProblemError UNAVAILABLE */
export async function checkUnsaved(
  ctx: Context,
  engine: SourceEngine,
  { language, code, manifest }: CodeToCheck,
): Promise<UnsavedCheck> {
  const check = await engine.compileUnsaved(language, code, ctx.signal);
  if (!check.ok) return fail("UNAVAILABLE", `${check.unavailable}.`);
  if (manifest === undefined) return { diagnostics: check.diagnostics, manifestDiagnostics: [] };
  const ofManifest = checkManifest(language, code, manifest);
  return {
    diagnostics: [...check.diagnostics, ...ofManifest.code],
    manifestDiagnostics: ofManifest.manifest,
  };
}

function checkManifest(language: Language, code: string, text: string) {
  const { manifest, diagnostics, positionOf } = readManifestText(text);
  if (manifest === undefined) return { code: [], manifest: diagnostics };
  const hosts = hostDiagnostics(manifest, positionOf, code);
  const isSameLanguage = (manifest.language === "python") === (language === "PYTHON");
  const message = `is ${manifest.language}, and the code was given as ${language}. Change one of them.`;
  const mismatch: ManifestDiagnostic[] = isSameLanguage
    ? []
    : [{ severity: "error", field: "language", message, ...positionOf(["language"]) }];
  const secrets = secretDiagnostics(manifest, positionOf, code);
  return {
    code: [...hosts.code, ...secrets.code],
    manifest: [...diagnostics, ...mismatch, ...hosts.manifest, ...secrets.manifest],
  };
}

/** What code that is not saved answers. Whatever goes wrong in the run is in the result. @throws ProblemError INVALID_INDICATOR, VALIDATION_FAILED */
export async function testUnsaved(
  ctx: Context,
  engine: SourceEngine,
  { data, kind, config, configValues, sourceId, secretSlots: given, ...source }: SourceTestInput,
): Promise<SourceTestResult> {
  checkConfig(config, configValues);
  const secretSlots = given ?? (sourceId === undefined ? [] : await slotsOfSource(ctx, sourceId));
  checkSecretSlots(secretSlots, source.hosts);
  const indicator = readIndicator({ data, kind });
  const configJson = JSON.stringify(effectiveConfig(config, configValues));
  const userId = requireUser(ctx.actor).id;
  const unsaved = { ...source, secretSlots, configJson, indicator, userId };
  const {
    id: _id,
    source: _source,
    cache: _cache,
    ...answer
  } = await engine.tryOut(unsaved, engine.lendSecrets(sourceId), sourceId, ctx.signal);
  return { ...answer, indicator };
}

async function slotsOfSource(ctx: Context, id: string): Promise<SecretSlot[]> {
  const source = await findSource(ctx.db, { id });
  if (!source) failValidation([{ field: "body.sourceId", message: "is not the id of a source" }]);
  return source.secretSlots as SecretSlot[];
}
