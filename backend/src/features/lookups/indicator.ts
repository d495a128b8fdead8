import type { IndicatorKind, RequestInput } from "@assay/contract";
import { canonicalise, detect, refang } from "@assay/indicators";
import { fail } from "../../problem-error.ts";

/** The canonical indicator that a part of a call means. Throws INVALID_INDICATOR with what is wrong and what is expected. */
export function readIndicator(
  input: Pick<RequestInput, "data" | "kind">,
  part: "body" | "query" = "body",
): { kind: IndicatorKind; data: string } {
  const field = `${part}.data`;
  if (input.kind === undefined) {
    const detected = detect(input.data);
    if (detected) return { kind: detected.kind, data: detected.data };
    return fail("INVALID_INDICATOR", "This is no indicator of a kind that Assay knows. Check it, or name its kind.", [
      { field, message: "no kind of indicator looks like this" },
    ]);
  }
  const canonical = canonicalise(input.kind, refang(input.data));
  if (canonical.ok) return { kind: input.kind, data: canonical.data };
  return fail("INVALID_INDICATOR", `This is no ${input.kind}: ${canonical.reason}`, [
    { field, message: canonical.reason },
  ]);
}
