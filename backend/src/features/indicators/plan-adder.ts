import type { Tlp } from "@assay/contract";
import type { LookupPlan } from "../lookups/lookups.ts";
import type { PlannableSource } from "../lookups/plannable.ts";
import type { Forecast, ForecastRow } from "./forecast.ts";

/** Of each plan those of its sources whose answers are in the cache; null: it cannot be read. */
export type KeptAnswers = (
  plans: readonly LookupPlan[],
  tlp: Tlp | undefined,
) => Promise<readonly ReadonlySet<PlannableSource>[] | null>;

export interface PlanAdder {
  add(plan: LookupPlan): Promise<void> | void;
  /** Adds what waits; to be called at the end. */
  flush(): Promise<void>;
}

/** With Redis each reading is a round trip; a larger one would hold the event loop up for longer than a few milliseconds. */
const readAtOnce = 500;
const none: ReadonlySet<PlannableSource> = new Set();

/** Adds plans to a forecast, with what the cache has of them. Once the cache could not be read, it is not asked again. */
export function createPlanAdder(forecast: Forecast, kept: KeptAnswers, tlp: Tlp | undefined): PlanAdder {
  let waiting: LookupPlan[] = [];
  let size = 0;
  const flush = async (): Promise<void> => {
    const plans = waiting;
    [waiting, size] = [[], 0];
    if (plans.length === 0) return;
    const sets = forecast.isCacheUnread ? null : await kept(plans, tlp);
    if (sets === null) forecast.cacheUnread();
    for (const [at, plan] of plans.entries()) forecast.add(rowOf(plan, sets?.[at] ?? none));
  };
  return {
    flush,
    add(plan) {
      waiting.push(plan);
      size += 1 + plan.planned.length;
      return size >= readAtOnce ? flush() : undefined;
    },
  };
}

function rowOf({ planned, ...indicator }: LookupPlan, cached: ReadonlySet<PlannableSource>): ForecastRow {
  return {
    ...indicator,
    sources: planned.map(({ source, problems }) => ({
      source,
      problems,
      action: problems.length > 0 ? "skip" : cached.has(source) ? "cached" : "ask",
    })),
  };
}
