import { batchEnds, type BatchForecast, type IndicatorPlan } from "@assay/contract";
import type { Context } from "../../context.ts";
import { ProblemError } from "../../problem-error.ts";
import { createBreather } from "../../breathe.ts";
import { createForecast } from "../indicators/forecast.ts";
import { forecastText } from "../indicators/forecast-text.ts";
import { createPlanAdder } from "../indicators/plan-adder.ts";
import type { LookupPlan } from "../lookups/lookups.ts";
import { spendingOf } from "../quotas/quota-forecast.ts";
import type { BatchRow, ItemRow } from "./batch-row.ts";
import { createTurns } from "./turns.ts";
import { countSeen } from "./queries.ts";
import { waitingItems } from "./run/run-queries.ts";
import { type BatchTools, readableBatch } from "./service.ts";

type ForecastTools = Pick<BatchTools, "lookups" | "registry" | "kept" | "left">;

const seenDays = 7;
const dayMs = 24 * 60 * 60 * 1000;
const readAtOnce = 1000;
/** Each takes all of the time that the event loop has to spare. One that is a single reading does not wait. */
const turn = createTurns({ atOnceMax: 2, waitingMax: 32 });

/**
 * What is left of a batch to do now, and whom it would ask: read and planned a part at a time, beside all other work.
 * @throws ProblemError NOT_FOUND; UNAVAILABLE when too many others are made; the context's reason when it aborts
 */
export async function forecastBatch(ctx: Context, tools: ForecastTools, id: string): Promise<BatchForecast> {
  const batch = await readableBatch(ctx, id);
  if (leftOf(batch) <= readAtOnce) return forecastOf(ctx, tools, batch);
  const leave = await turn(ctx.signal);
  try {
    // It may have been started while others had their turn.
    return await forecastOf(ctx, tools, await readableBatch(ctx, id));
  } finally {
    leave();
  }
}

/** Nothing of a batch that has ended is asked, also where it was cancelled. */
function leftOf({ status, total, ignored, done, failed }: BatchRow): number {
  return batchEnds.has(status) ? 0 : total - ignored - done - failed;
}

async function forecastOf(ctx: Context, tools: ForecastTools, batch: BatchRow): Promise<BatchForecast> {
  const since = new Date(ctx.clock.now().getTime() - seenDays * dayMs);
  const [plan, count] = await Promise.all([
    planOfRest(ctx, tools, batch),
    leftOf(batch) === 0 ? 0 : countSeen(ctx.db.pool, ctx.actor, batch.id, since),
  ]);
  return { ...toldOf(batch, plan), seen: { days: seenDays, count } };
}

async function planOfRest(ctx: Context, tools: ForecastTools, batch: BatchRow): Promise<IndicatorPlan> {
  const forecast = createForecast();
  const adder = createPlanAdder(forecast, tools.kept, batch.tlp);
  const breathe = createBreather();
  for await (const item of itemsLeft(ctx, batch)) {
    ctx.signal.throwIfAborted();
    await adder.add(planOf(tools, batch, item));
    await breathe();
  }
  await adder.flush();
  return forecast.total(spendingOf(await tools.left(forecast.asked(), "bulk")));
}

/** What is told of the plan of all that is left of a batch. */
function toldOf(
  { status, ignored: leftOut }: BatchRow,
  { indicators, ignored, cached, calls, unasked, sources: all }: IndicatorPlan,
): Omit<BatchForecast, "seen"> {
  const sources = all
    .filter((each) => each.lookups > 0 || (each.cached ?? 0) > 0)
    .map(({ skipped: _skipped, ...each }) => each);
  const text =
    status === "ready"
      ? forecastText({ indicators: indicators + leftOut, ignored: ignored + leftOut, cached, calls }, sources)
      : forecastText({ indicators, ignored, cached, calls }, sources, true);
  return { text, lookups: indicators - ignored, ignored: ignored + leftOut, cached, calls, unasked, sources };
}

async function* itemsLeft({ db, signal }: Context, batch: BatchRow): AsyncGenerator<ItemRow> {
  if (leftOf(batch) === 0) return;
  for (let from = 0; ;) {
    signal.throwIfAborted();
    const items = await waitingItems(db.pool, batch.id, from, batch.total, readAtOnce);
    yield* items;
    const last = items.at(-1);
    if (!last || items.length < readAtOnce) return;
    from = last.position + 1;
  }
}

/** What the batch's worker would do of an item; as with it, sources that are gone are not named. */
function planOf(
  { lookups, registry }: ForecastTools,
  { tlp, pap, source_ids, visibility }: BatchRow,
  { kind, data }: ItemRow,
): LookupPlan {
  const named = source_ids.length > 0 && { sourceIds: source_ids.filter((id) => registry.get(id)) };
  try {
    return lookups.plan({ kind, data, tlp, pap, visibility, ...named });
  } catch (error) {
    // What is no indicator any more, in the eyes of a later version, will fail.
    if (!(error instanceof ProblemError) || error.code !== "INVALID_INDICATOR") throw error;
    return { kind, data, planned: [], ignoreLists: [] };
  }
}
