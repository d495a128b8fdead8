import type { Tlp } from "@assay/contract";
import type { AnswerCache } from "../cache/answer-cache.ts";
import { cacheKeyOf } from "../cache/cache-key.ts";
import { isKept } from "../cache/lifetime.ts";
import { indicatorFor } from "./indicator-for.ts";
import type { LookupPlan } from "./lookups.ts";
import type { PlannableSource } from "./plannable.ts";

/**
 * Of each plan the sources that a lookup under this TLP would not ask now, as their answers are in the cache; null: it cannot be read.
 * One round trip for all of them.
 */
export async function keptAnswers(
  cache: AnswerCache,
  plans: readonly LookupPlan[],
  tlp: Tlp,
  nowMs: number,
): Promise<readonly ReadonlySet<PlannableSource>[] | null> {
  const questions = plans.flatMap((plan, of) => questionsOf(plan).map((question) => ({ ...question, of })));
  const keys = questions.map(({ source, indicator }) => cacheKeyOf(source, indicator));
  const expiries = keys.length === 0 ? [] : await cache.store.expiries(keys);
  if (expiries === null) return null;
  const kept = plans.map(() => new Set<PlannableSource>());
  for (const [at, { source, of }] of questions.entries()) {
    const expiry = expiries[at];
    if (expiry && nowMs < (tlp === "RED" ? expiry.expiresAtMs : expiry.goneAtMs)) kept[of]?.add(source);
  }
  return kept;
}

/** What would be asked of sources whose answers are kept. */
function questionsOf({ planned, data, kind }: LookupPlan) {
  return planned.flatMap(({ source, problems }) => {
    if (problems.length > 0 || !source.cacheEnabled || !isKept(source.cacheLifetimes)) return [];
    const question = indicatorFor(source, { data, kind });
    return question.ok ? [{ source, indicator: question.indicator }] : [];
  });
}
