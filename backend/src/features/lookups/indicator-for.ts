import type { AnswerProblem, AskedFor, IndicatorKind } from "@assay/contract";
import { stripIndicator } from "@assay/indicators";
import type { PlannableSource } from "./plannable.ts";

interface Indicator {
  readonly data: string;
  readonly kind: IndicatorKind;
}

export interface SourceQuestion {
  readonly ok: true;
  /** All that the source, its runner and its upstream get to see. */
  readonly indicator: Indicator;
  /** What its answer says of that; undefined where nothing was taken out. */
  readonly askedFor: AskedFor | undefined;
}

export type SourceIndicator = SourceQuestion | { readonly ok: false; readonly problem: AnswerProblem };

/**
 * The indicator that a source is asked about: the lookup's, without the parts that the source may not see. Not ok where nothing is left
 * to ask: it is no indicator any more, or of a kind that the source does not take.
 */
export function indicatorFor(
  source: Pick<PlannableSource, "snapshot" | "strip" | "supportedIndicators" | "disabledIndicators">,
  { data, kind }: Indicator,
): SourceIndicator {
  const left = stripIndicator({ data, kind }, source.strip);
  const { name } = source.snapshot;
  if (left === null) return stripped(`What ${name} may see of it is no indicator any more`);
  if (left.kind !== kind && !(source.supportedIndicators.has(left.kind) && !source.disabledIndicators.has(left.kind)))
    return stripped(`${name} may see no more of it than ${left.data}, and is not asked about the kind ${left.kind}`);
  const indicator = { data: left.data, kind: left.kind };
  const askedFor = left.stripped.length === 0 ? undefined : { ...indicator, stripped: [...left.stripped] };
  return { ok: true, indicator, askedFor };
}

function stripped(message: string): SourceIndicator {
  return { ok: false, problem: { code: "STRIPPED", message } };
}
