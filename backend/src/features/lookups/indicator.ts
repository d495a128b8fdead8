import type { IndicatorKind } from "@assay/contract";
import { fail } from "../../problem-error.ts";
import { indicatorOf } from "./indicator-of.ts";

/** The canonical indicator that a part of a call means. Throws INVALID_INDICATOR with what is wrong and what is expected. */
export function readIndicator(
  input: { readonly data: string; readonly kind?: IndicatorKind | undefined },
  part: "body" | "query" = "body",
): { kind: IndicatorKind; data: string } {
  const field = `${part}.data`;
  const read = indicatorOf(input);
  if (read.ok) return { kind: read.kind, data: read.data };
  if (read.reason === null) {
    return fail("INVALID_INDICATOR", "This is no indicator of a kind that Assay knows. Check it, or name its kind.", [
      { field, message: "no kind of indicator looks like this" },
    ]);
  }
  return fail("INVALID_INDICATOR", `This is no ${input.kind}: ${read.reason}`, [{ field, message: read.reason }]);
}
