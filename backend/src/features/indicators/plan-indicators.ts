import type { IndicatorPlan, IndicatorPlanInput, RequestInput } from "@assay/contract";
import { callerClassOf } from "../../caller-class.ts";
import type { Context } from "../../context.ts";
import { ProblemError } from "../../problem-error.ts";
import { createBreather } from "../../breathe.ts";
import type { Lookups } from "../lookups/lookups.ts";
import { type LeftFor, spendingOf } from "../quotas/quota-forecast.ts";
import type { Extractor } from "./extractor.ts";
import { createForecast, type Forecast } from "./forecast.ts";
import { createPlanAdder, type KeptAnswers } from "./plan-adder.ts";

type Given = Pick<RequestInput, "data" | "kind">;

export interface PlanTools {
  readonly lookups: Lookups;
  readonly extractor: Extractor;
  readonly kept: KeptAnswers;
  readonly left: LeftFor;
}

const nothingKept: KeptAnswers = async () => [];

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
  const adder = createPlanAdder(forecast, options.refresh ? nothingKept : kept, options.tlp);
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
    await adder.add(plan);
  }
  await adder.flush();
  const lefts = await left(forecast.asked(), callerClassOf(ctx.actor));
  return forecast.total(spendingOf(lefts));
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
