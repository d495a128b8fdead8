import type { IndicatorPlan, IndicatorPlanInput, RequestInput } from "@assay/contract";
import type { Context } from "../../context.ts";
import { ProblemError } from "../../problem-error.ts";
import { createBreather } from "../ignore-lists/breathe.ts";
import type { Lookups } from "../lookups/lookups.ts";
import type { Extractor } from "./extractor.ts";
import { createForecast, type Forecast } from "./forecast.ts";

type Given = Pick<RequestInput, "data" | "kind">;

/** What looking the indicators up now would ask, cost and skip. Nothing is asked or spent. @throws ProblemError UNKNOWN_SOURCE */
export async function planIndicators(
  ctx: Context,
  lookups: Lookups,
  extractor: Extractor,
  { indicators, text, ...options }: IndicatorPlanInput,
): Promise<IndicatorPlan> {
  const forecast = createForecast();
  const given = text === undefined ? (indicators ?? []).map(asGiven) : await extracted(ctx, extractor, text, forecast);
  const seen = new Set<string>();
  const breathe = createBreather();
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
    const { planned, ...indicator } = plan;
    forecast.add({
      ...indicator,
      sources: planned.map(({ source, problems }) => ({
        source,
        problems,
        action: problems.length > 0 ? ("skip" as const) : ("ask" as const),
      })),
    });
  }
  return forecast.total();
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
