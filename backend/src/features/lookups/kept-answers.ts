import type { Tlp } from "@assay/contract";
import type { AnswerCache } from "../cache/answer-cache.ts";
import { type AskedIndicator, cacheKeyOf } from "../cache/cache-key.ts";
import { isKept } from "../cache/lifetime.ts";
import type { PlannableSource } from "./plannable.ts";

/** Those of the sources that a lookup under this TLP would not ask about the indicator now, as their answers are in the cache. */
export async function keptAnswers(
  cache: AnswerCache,
  sources: readonly PlannableSource[],
  indicator: AskedIndicator,
  tlp: Tlp,
  nowMs: number,
): Promise<ReadonlySet<PlannableSource>> {
  const kept = sources.filter(({ cacheEnabled, cacheLifetimes }) => cacheEnabled && isKept(cacheLifetimes));
  if (kept.length === 0) return new Set();
  const readings = await cache.store.read(kept.map((source) => cacheKeyOf(source, indicator)));
  return new Set(
    kept.filter((_, at) => {
      const answer = readings?.[at]?.answer;
      return answer && nowMs < (tlp === "RED" ? answer.expiresAtMs : answer.goneAtMs);
    }),
  );
}
