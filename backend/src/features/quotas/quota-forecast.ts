import type { CallerClass, QuotaForecast } from "@assay/contract";
import type { PlannableSource } from "../lookups/plannable.ts";
import type { SourceLeft } from "./source-left.ts";

/** What is left for a caller of this class, source by source; reserves nothing. */
export type LeftFor = (sources: readonly PlannableSource[], callerClass: CallerClass) => Promise<readonly SourceLeft[]>;

/** What is left for a source, by its id; null: nothing limits it. */
export type QuotaOf = (sourceId: string) => QuotaForecast | null;

/** What a forecast says of quotas. */
export function quotaOf(lefts: readonly SourceLeft[]): QuotaOf {
  const byId = new Map(lefts.map((each) => [each.sourceId, each]));
  return (id) => {
    const found = byId.get(id);
    if (!found || (found.limit === null && found.left === null)) return null;
    const { left, limit, per, secretId, waitMs } = found;
    return { left, limit, per, secretId, waitMs };
  };
}
