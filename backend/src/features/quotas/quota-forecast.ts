import type { CallerClass, QuotaForecast } from "@assay/contract";
import type { PlannableSource } from "../lookups/plannable.ts";
import type { SourceLeft } from "./source-left.ts";

/** What is left for a caller of this class, source by source; reserves nothing. */
export type LeftFor = (sources: readonly PlannableSource[], callerClass: CallerClass) => Promise<readonly SourceLeft[]>;

/** What so many lookups of a source would spend, and of what. */
export interface SpendingForecast {
  /** Calls that they reserve. */
  readonly calls: number;
  /** null: nothing limits it. */
  readonly quota: QuotaForecast | null;
}

export type SpendingOf = (sourceId: string, lookups: number) => SpendingForecast;

/** What a forecast says of quotas. */
export function spendingOf(lefts: readonly SourceLeft[]): SpendingOf {
  const byId = new Map(lefts.map((each) => [each.sourceId, each]));
  return (id, lookups) => {
    const found = byId.get(id);
    if (!found) return { calls: lookups, quota: null };
    const { left, limit, per, secretId, waitMs, callsPerLookup } = found;
    const isLimited = limit !== null || left !== null;
    return { calls: lookups * callsPerLookup, quota: isLimited ? { left, limit, per, secretId, waitMs } : null };
  };
}
