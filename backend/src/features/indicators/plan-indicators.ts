import type { IndicatorPlan, IndicatorPlanInput, RequestInput, Tlp } from "@assay/contract";
import { callerClassOf } from "../../caller-class.ts";
import type { Context } from "../../context.ts";
import { ProblemError } from "../../problem-error.ts";
import { createBreather } from "../ignore-lists/breathe.ts";
import type { LookupPlan, Lookups } from "../lookups/lookups.ts";
import type { PlannableSource } from "../lookups/plannable.ts";
import { type LeftFor, spendingOf } from "../quotas/quota-forecast.ts";
import type { Extractor } from "./extractor.ts";
import { createForecast, type Forecast, type ForecastRow } from "./forecast.ts";

type Given = Pick<RequestInput, "data" | "kind">;
/** Those of the sources whose answers are in the cache. */
export type KeptAnswers = (
  sources: readonly PlannableSource[],
  indicator: Pick<LookupPlan, "data" | "kind">,
  tlp: Tlp | undefined,
) => Promise<ReadonlySet<PlannableSource>>;

export interface PlanTools {
  readonly lookups: Lookups;
  readonly extractor: Extractor;
  readonly kept: KeptAnswers;
  readonly left: LeftFor;
}

const readAtOnce = 100;
const nothingKept: KeptAnswers = async () => new Set();

/** What looking the indicators up now would ask, cost and skip. Nothing is asked or spent. @throws ProblemError UNKNOWN_SOURCE */
export async function planIndicators(
  ctx: Context,
  { lookups, extractor, kept, left }: PlanTools,
  { indicators, text, ...options }: IndicatorPlanInput,
): Promise<IndicatorPlan> {
  const forecast = createForecast();
  const given = text === undefined ? (indicators ?? []).map(asGiven) : await extracted(ctx, extractor, text, forecast);
  const seen = new Set<string>();
  const breathe = createBreather();
  let waiting: LookupPlan[] = [];
  /** What is in the cache is read for many at once: with Redis each reading is a round trip. */
  const flush = async (): Promise<void> => {
    const plans = waiting;
    waiting = [];
    const rows = await Promise.all(plans.map((plan) => rowOf(plan, options.refresh ? nothingKept : kept, options.tlp)));
    for (const row of rows) forecast.add(row);
  };
  for (const one of given) {
    ctx.signal.throwIfAborted();
    await breathe();
    const plan = planOf(lookups, { ...options, ...one }, forecast);
    if (!plan) continue;
    const key = `${plan.kind} ${plan.data}`;
    if (seen.has(key)) {
      forecast.addDuplicate();
      continue;
    }
    seen.add(key);
    waiting.push(plan);
    if (waiting.length >= readAtOnce) await flush();
  }
  await flush();
  const lefts = await left(forecast.asked(), callerClassOf(ctx.actor));
  return forecast.total(spendingOf(lefts));
}

async function rowOf(
  { planned, ...indicator }: LookupPlan,
  kept: KeptAnswers,
  tlp: Tlp | undefined,
): Promise<ForecastRow> {
  const askable = planned.flatMap(({ source, problems }) => (problems.length > 0 ? [] : [source]));
  const cached = await kept(askable, indicator, tlp);
  return {
    ...indicator,
    sources: planned.map(({ source, problems }) => ({
      source,
      problems,
      action: problems.length > 0 ? "skip" : cached.has(source) ? "cached" : "ask",
    })),
  };
}

function asGiven(given: string | Given): Given {
  return typeof given === "string" ? { data: given } : given;
}

async function extracted(ctx: Context, extractor: Extractor, text: string, forecast: Forecast): Promise<Given[]> {
  const { indicators, dropped } = await extractor.extract(text, {}, ctx.signal);
  for (const { raw, reason } of dropped) forecast.addInvalid(raw, reason);
  return indicators.map(({ data, kind }) => ({ data, kind }));
}

/** The plan of one indicator; undefined where the text is none, which is noted. */
function planOf(lookups: Lookups, input: RequestInput, forecast: Forecast): ReturnType<Lookups["plan"]> | undefined {
  try {
    return lookups.plan(input);
  } catch (error) {
    if (!(error instanceof ProblemError) || error.code !== "INVALID_INDICATOR") throw error;
    forecast.addInvalid(input.data, error.message);
    return undefined;
  }
}
