import type { AnswerProblem, BatchForecast } from "@assay/contract";
import type { Context } from "../../context.ts";
import type { LookupPlan, Lookups } from "../lookups/lookups.ts";
import type { BatchRow } from "./batch-row.ts";
import { countSeen, countWaitingKinds } from "./queries.ts";
import type { PlannableSource } from "../lookups/plannable.ts";
import { spendingOf } from "../quotas/quota-forecast.ts";
import { type BatchTools, readableBatch } from "./service.ts";

const seenDays = 7;
const dayMs = 24 * 60 * 60 * 1000;

/** What is left of a batch to do, and whom it would ask at the most: what the cache would answer is not looked at. Throws NOT_FOUND. */
export async function forecastBatch(
  ctx: Context,
  { lookups, left }: Pick<BatchTools, "lookups" | "left">,
  id: string,
): Promise<BatchForecast> {
  const batch = await readableBatch(ctx, id);
  const since = new Date(ctx.clock.now().getTime() - seenDays * dayMs);
  const [kinds, count] = await Promise.all([
    countWaitingKinds(ctx.db.pool, id),
    countSeen(ctx.db.pool, ctx.actor, id, since),
  ]);
  const counts = new Map<PlannableSource, number>();
  let lookupsLeft = 0;
  let unasked = 0;
  for (const each of kinds) {
    const asked = planOfKind(lookups, batch, each).filter(({ problems }) => problems.every(isOfOne));
    lookupsLeft += each.count;
    if (asked.length === 0) unasked += each.count;
    for (const { source } of asked) counts.set(source, (counts.get(source) ?? 0) + each.count);
  }
  const spending = spendingOf(await left([...counts.keys()], "bulk"));
  const sources = [...counts].map(([{ snapshot }, number]) => ({
    source: snapshot,
    lookups: number,
    ...spending(snapshot.id, number),
  }));
  const byNumber = sources.toSorted((a, b) => b.lookups - a.lookups || (a.source.slug < b.source.slug ? -1 : 1));
  return { lookups: lookupsLeft, ignored: batch.ignored, seen: { days: seenDays, count }, sources: byNumber, unasked };
}

/** The gates that do not look at the indicator itself are the same for all of a kind, so that one stands for them. */
function planOfKind(
  lookups: Lookups,
  { tlp, pap, source_ids, visibility }: BatchRow,
  { kind, data }: { readonly kind: PlanKind; readonly data: string },
): LookupPlan["planned"] {
  const named = source_ids.length > 0 ? { sourceIds: source_ids } : {};
  return lookups.plan({ kind, data, tlp, pap, visibility, ...named }).planned;
}

type PlanKind = Parameters<Lookups["plan"]>[0]["kind"];

/** A list that is tied to some sources holds the one that was tried, which tells nothing of the others. */
function isOfOne({ code }: AnswerProblem): boolean {
  return code === "WITHIN_IGNORE_LIST";
}
