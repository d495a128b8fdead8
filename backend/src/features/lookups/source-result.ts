import { Opinion, SourceResult, sourceResultKeys } from "@assay/contract";
import { canonicalise } from "@assay/indicators";

export type ReadResult =
  | { readonly ok: true; readonly result: SourceResult }
  | { readonly ok: false; readonly message: string };

/**
 * Reads what a source returned. An object that has `data`, and beside it only names of the envelope or a word of opinion,
 * is an envelope and is validated; anything else is plain data without an opinion.
 */
export function readSourceResult(json: string): ReadResult {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { ok: false, message: "The runner handed over something that is not JSON" };
  }
  const parsed = safely(() => SourceResult.safeParse(isEnvelope(value) ? value : { data: value }));
  if (!parsed) return { ok: false, message: "The source returned something that is nested too deeply" };
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return {
      ok: false,
      message: `The source returned a bad "${issue?.path.join(".") ?? ""}": ${issue?.message ?? "not valid"}`,
    };
  }
  return withCanonicalRelations(parsed.data);
}

/** Runners bound the depth of a result; a runner that does not must not take this process down. */
function safely<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Who writes a word of opinion beside `data` means the envelope, so that a misspelt name in it is told and not lost. */
function isEnvelope(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const isKnown = Object.keys(value).every((key) => sourceResultKeys.has(key));
  const saysOpinion = "verdict" in value && Opinion.safeParse(value.verdict).success;
  return Object.hasOwn(value, "data") ? isKnown || saysOpinion : isKnown && saysOpinion;
}

function withCanonicalRelations(result: SourceResult): ReadResult {
  const relations: SourceResult["relations"] = [];
  for (const [index, relation] of result.relations.entries()) {
    const canonical = canonicalise(relation.kind, relation.data);
    if (!canonical.ok)
      return { ok: false, message: `The source returned a bad "relations.${index}.data": ${canonical.reason}` };
    relations.push({ ...relation, data: canonical.data });
  }
  return { ok: true, result: { ...result, relations } };
}
