import {
  type AnswerProblem,
  type IndicatorKind,
  type Language,
  type Pap,
  type SkipCode,
  type Tlp,
  tlpExceeds,
} from "@assay/contract";
import { concerns, type HeldBy } from "../ignore-lists/ignore-list-store.ts";
import { indicatorFor } from "./indicator-for.ts";
import type { PlannableSource } from "./plannable.ts";

export interface PlanInput {
  readonly data: string;
  readonly kind: IndicatorKind;
  readonly tlp: Tlp;
  readonly pap: Pap;
  /** Sources that the caller named; null asks all that know the kind. */
  readonly named: readonly PlannableSource[] | null;
  readonly all: readonly PlannableSource[];
  readonly languages: Readonly<Record<Language, boolean>>;
  /** The ignore lists that hold the indicator. */
  readonly heldBy: readonly HeldBy[];
  /** Why a source cannot be asked for want of secrets; empty when it can. */
  readonly secretProblems: (source: PlannableSource) => readonly AnswerProblem[];
}

/** One source of a lookup. It runs when there are no problems. */
export interface PlannedSource {
  readonly source: PlannableSource;
  readonly problems: readonly AnswerProblem[];
}

/** PAP: what each exposure needs at the most. Public submission has no rank: it happens only when the source is named. */
const papAllows: Record<Pap, ReadonlySet<string>> = {
  RED: new Set(["local"]),
  AMBER: new Set(["local", "passive"]),
  GREEN: new Set(["local", "passive", "active"]),
  CLEAR: new Set(["local", "passive", "active"]),
};
const languageNames: Record<Language, string> = { JAVASCRIPT: "JavaScript", PYTHON: "Python" };

/**
 * Decides which sources a lookup asks. Every source that is not asked gets all of its reasons at once.
 * Without named sources a lookup is about those that know the kind; the others are not part of it.
 */
export function planLookup(input: PlanInput): PlannedSource[] {
  const candidates = input.named ?? input.all.filter((source) => source.supportedIndicators.has(input.kind));
  return candidates.map((source) => ({ source, problems: gate(source, input) }));
}

function gate(source: PlannableSource, input: PlanInput): AnswerProblem[] {
  const { name, exposure, provider } = source.snapshot;
  const problems: AnswerProblem[] = [];
  const skip = (code: SkipCode, message: string, details: Partial<AnswerProblem> = {}): void => {
    problems.push({ code, message, ...details });
  };
  if (!source.supportedIndicators.has(input.kind))
    skip("UNSUPPORTED_INDICATOR", `${name} does not take indicators of kind ${input.kind}`);
  if (source.disabledIndicators.has(input.kind))
    skip("DISABLED_INDICATOR", `${name} is switched off for indicators of kind ${input.kind}`);
  if (!source.enabled) skip("SOURCE_DISABLED", `${name} is switched off`);
  if (!source.providerEnabled)
    skip("PROVIDER_DISABLED", `The provider ${provider.name} is switched off`, { provider: provider.slug });
  if (!input.languages[source.language]) {
    skip("RUNNER_DISABLED", `Sources in ${languageNames[source.language]} are switched off`, {
      language: source.language,
    });
  }
  for (const held of input.heldBy) {
    if (held.list.kind !== "known_good" || !concerns(held, source.snapshot)) continue;
    const { list, entry } = held;
    const message = `The ignore list ${list.name} holds the indicator by its entry ${entry.value}`;
    skip("WITHIN_IGNORE_LIST", message, { list: list.slug, entry: entry.value });
  }
  if (source.code === "") skip("MISSING_SOURCE_CODE", `${name} has no code yet`);
  if (tlpExceeds(input.tlp, source.maxTlp)) {
    skip("TLP", `The lookup is TLP:${input.tlp}; ${name} may get TLP:${source.maxTlp} at the most`);
  }
  if (!papAllowed(exposure, input)) skip("PAP", papMessage(name, exposure, input.pap));
  const asked = indicatorFor(source, input);
  if (!asked.ok) problems.push(asked.problem);
  problems.push(...input.secretProblems(source));
  return problems;
}

function papAllowed(exposure: string, input: PlanInput): boolean {
  return exposure === "public" ? input.named !== null && input.pap === "CLEAR" : papAllows[input.pap].has(exposure);
}

function papMessage(name: string, exposure: string, pap: Pap): string {
  return exposure === "public"
    ? `${name} publishes the indicator; name it in the lookup, with PAP:CLEAR, to ask it`
    : `The lookup is PAP:${pap}, which does not allow ${exposure} sources such as ${name}`;
}
