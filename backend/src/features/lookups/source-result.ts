import { SourceResult, sourceResultKeys } from "@assay/contract";
import { canonicalise } from "@assay/indicators";

export type ReadResult =
  | { readonly ok: true; readonly result: SourceResult }
  | { readonly ok: false; readonly message: string };

/**
 * Reads what a source returned. An object that has `data`, and beside it only names of the envelope, states an opinion
 * and is validated; anything else is plain data without one.
 */
export function readSourceResult(json: string): ReadResult {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { ok: false, message: "The runner handed over something that is not JSON" };
  }
  const parsed = SourceResult.safeParse(isEnvelope(value) ? value : { data: value });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return {
      ok: false,
      message: `The source returned a bad "${issue?.path.join(".") ?? ""}": ${issue?.message ?? "not valid"}`,
    };
  }
  return withCanonicalRelations(parsed.data);
}

function isEnvelope(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value) || !Object.hasOwn(value, "data"))
    return false;
  return Object.keys(value).every((key) => sourceResultKeys.has(key));
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
