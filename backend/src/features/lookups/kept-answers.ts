import type { Tlp } from "@assay/contract";
import type { AnswerCache } from "../cache/answer-cache.ts";
import { type AskedIndicator, cacheKeyOf } from "../cache/cache-key.ts";
import { isKept } from "../cache/lifetime.ts";
import { indicatorFor } from "./indicator-for.ts";
import type { PlannableSource } from "./plannable.ts";

/** Those of the sources that a lookup under this TLP would not ask about the indicator now, as their answers are in the cache. */
export async function keptAnswers(
  cache: AnswerCache,
  sources: readonly PlannableSource[],
  indicator: AskedIndicator,
  tlp: Tlp,
  nowMs: number,
): Promise<ReadonlySet<PlannableSource>> {
  const asked = sources.flatMap((source) => {
    const question = indicatorFor(source, indicator);
    return source.cacheEnabled && isKept(source.cacheLifetimes) && question.ok ? [{ source, ...question }] : [];
  });
  if (asked.length === 0) return new Set();
  const kept = asked.map(({ source }) => source);
  const readings = await cache.store.read(asked.map((each) => cacheKeyOf(each.source, each.indicator)));
  return new Set(
    kept.filter((_, at) => {
      const answer = readings?.[at]?.answer;
      return answer && nowMs < (tlp === "RED" ? answer.expiresAtMs : answer.goneAtMs);
    }),
  );
}
