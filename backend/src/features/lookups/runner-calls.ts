import type { Language } from "@assay/contract";
import type { SourceQuestion } from "./indicator-for.ts";
import type { PlannableSource } from "./plannable.ts";

export interface RunnerCall {
  readonly language: Language;
  readonly indicator: SourceQuestion["indicator"];
  readonly sources: readonly PlannableSource[];
}

/** One call for each language and each indicator as it is asked: a runner never gets a part that the call's sources may not see. */
export function runnerCalls(
  sources: readonly PlannableSource[],
  questions: ReadonlyMap<PlannableSource, SourceQuestion>,
): RunnerCall[] {
  const calls = new Map<string, RunnerCall & { readonly sources: PlannableSource[] }>();
  for (const source of sources) {
    const indicator = questions.get(source)?.indicator;
    if (!indicator) continue;
    const key = `${source.language} ${indicator.kind} ${indicator.data}`;
    const call = calls.get(key) ?? { language: source.language, indicator, sources: [] };
    calls.set(key, call);
    call.sources.push(source);
  }
  return [...calls.values()];
}
