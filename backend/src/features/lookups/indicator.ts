import type { IndicatorKind } from "@assay/contract";
import { canonicalise, detect, refang } from "@assay/indicators";
import { fail } from "../../problem-error.ts";

/** The canonical indicator that the input means. Throws INVALID_INDICATOR with what is wrong and what is expected. */
export function readIndicator(
  input: { readonly data: string; readonly kind?: IndicatorKind | undefined },
  at = "body",
): { kind: IndicatorKind; data: string } {
  if (input.kind === undefined) {
    const detected = detect(input.data);
    if (detected) return { kind: detected.kind, data: detected.data };
    return fail("INVALID_INDICATOR", "This is no indicator of a kind that Assay knows. Check it, or name its kind.", [
      { field: `${at}.data`, message: "no kind of indicator looks like this" },
    ]);
  }
  const canonical = canonicalise(input.kind, refang(input.data));
  if (canonical.ok) return { kind: input.kind, data: canonical.data };
  return fail("INVALID_INDICATOR", `This is no ${input.kind}: ${canonical.reason}`, [
    { field: `${at}.data`, message: canonical.reason },
  ]);
}
