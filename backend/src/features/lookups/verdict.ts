import {
  type Answer,
  type Coverage,
  type DecisionInForce,
  type DecisionWord,
  type IgnoreListMatch,
  type Opinion,
  type ScoreTerm,
  type Verdict,
} from "@assay/contract";

type Opinionated = Pick<Answer, "source" | "outcome" | "verdict" | "observedAt" | "askedFor">;

export interface VerdictInput {
  /** The analyst's decision that was in force when it was asked. */
  readonly decision: DecisionInForce | null;
  /** For how many days after the provider's date an opinion counts as fresh; null: without end. */
  readonly freshDays: number | null;
  /** The lists that held the indicator when it was asked. */
  readonly ignoreLists: readonly IgnoreListMatch[];
  /** Sources that the lookup names. */
  readonly asked: number;
  readonly answers: readonly Opinionated[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const dayMs = 86_400_000;
const weights = { A: 0.9, B: 0.7, C: 0.5, D: 0.3, E: 0.1, F: 0.3 } as const;
const atLeast = (reliability: string, bar: "B" | "C"): boolean => reliability <= bar;

interface Aged extends Opinionated {
  readonly fresh: boolean;
  /** 1 when new, halved with every window that has passed. */
  readonly decay: number;
}

/** Weighs the answers into one word: the first rule that fires. Pure, and independent of the order of the answers. */
export function weigh(input: VerdictInput): Verdict {
  const answers = [...input.answers].sort((a, b) => compare(a.source.slug, b.source.slug));
  const aged = answers.filter((answer) => answer.outcome === "ok").map((answer) => age(answer, input));
  const coverage = cover(answers, input.asked);
  const { score, terms } = scoreOf(aged);
  const knownGood = input.ignoreLists.filter(({ list }) => list.kind === "known_good");
  const { decision, freshDays } = input;
  const ruled = decision
    ? decided(decision, knownGood, aged)
    : knownGood.length > 0
      ? onKnownGood(knownGood, aged)
      : { ...rule(aged, coverage), conflicts: [] };
  return { ...ruled, score, terms, coverage, provisional: answers.length < input.asked, decision, freshDays };
}

type Ruled = Pick<Verdict, "verdict" | "rule" | "text" | "sources" | "conflicts">;

/** Opinions that speak against what was decided. Less of the same is no conflict. */
const against: Readonly<Record<DecisionWord, readonly Opinion[]>> = {
  malicious: ["benign"],
  suspicious: ["malicious", "benign"],
  benign: ["malicious", "suspicious"],
};

/** R0. Fresh opinions that say otherwise are named, and so are known-good lists against an adverse decision. */
function decided(decision: DecisionInForce, knownGood: readonly IgnoreListMatch[], aged: readonly Aged[]): Ruled {
  const { verdict, user, createdAt, expiresAt, reason } = decision;
  const others = aged.filter((answer) => answer.fresh && against[verdict].includes(answer.verdict));
  const lists = verdict === "benign" ? [] : knownGood.map(({ list }) => `the known-good list ${list.name}`);
  const disagree = [...others.map((answer) => answer.source.name), ...lists];
  const until = expiresAt === null ? "" : `, until ${day(expiresAt)}`;
  const conflict =
    disagree.length === 0
      ? ""
      : `; in conflict with it, ${several(disagree)} ${disagree.length > 1 ? "say" : "says"} otherwise`;
  return {
    verdict,
    rule: "R0",
    text: `Decided by ${user.name} on ${day(createdAt)}${until}: ${oneLine(reason)}${conflict}`,
    sources: [],
    conflicts: others.map((answer) => answer.source.slug),
  };
}

/** R1. Who calls it malicious all the same is named. */
function onKnownGood(held: readonly IgnoreListMatch[], aged: readonly Aged[]): Ruled {
  const lists = several(held.map(({ list, entry }) => `${list.name} (${entry.value})`));
  const others = aged.filter((answer) => answer.verdict === "malicious");
  const conflict = others.length === 0 ? "" : `; in conflict with it, ${names(others)} ${say(others)} it malicious`;
  return {
    verdict: "benign",
    rule: "R1",
    text: `On the known-good ${held.length > 1 ? "lists" : "list"} ${lists}${conflict}`,
    sources: [],
    conflicts: others.map((answer) => answer.source.slug),
  };
}

function rule(aged: readonly Aged[], coverage: Coverage): Omit<Ruled, "conflicts"> {
  const slugs = (of: readonly Aged[]): string[] => of.map((answer) => answer.source.slug);
  const malicious = aged.filter((answer) => answer.verdict === "malicious");
  const fresh = malicious.filter((answer) => answer.fresh);
  const trusted = fresh.filter((answer) => atLeast(answer.source.reliability, "B"));
  if (trusted.length > 0) {
    return {
      verdict: "malicious",
      rule: "R2",
      text: `${several(trusted.map(graded))} ${say(trusted)} it malicious`,
      sources: slugs(trusted),
    };
  }
  const fair = fresh.filter((answer) => atLeast(answer.source.reliability, "C"));
  if (new Set(fair.map((answer) => answer.source.provider.family)).size >= 2) {
    return {
      verdict: "malicious",
      rule: "R3",
      text: `Independent sources call it malicious: ${names(fair)}`,
      sources: slugs(fair),
    };
  }
  const adverse = aged.filter((answer) => answer.verdict === "malicious" || answer.verdict === "suspicious");
  if (adverse.length > 0) {
    return {
      verdict: "suspicious",
      rule: "R4",
      text: `${names(adverse)} ${adverse.length > 1 ? "hold" : "holds"} something against it`,
      sources: slugs(adverse),
    };
  }
  // That the rest of it is benign says nothing about what the source could not see.
  const benign = aged.filter(
    ({ verdict, askedFor, source }) =>
      verdict === "benign" && askedFor === undefined && atLeast(source.reliability, "B"),
  );
  if (benign.length > 0) {
    return {
      verdict: "benign",
      rule: "R5",
      text: `${names(benign)} ${say(benign)} it benign and nothing speaks against it`,
      sources: slugs(benign),
    };
  }
  return { verdict: "unknown", rule: "R6", text: coverageText(coverage), sources: [] };
}

/** "9 asked, 6 have no record, 2 failed, 1 skipped". */
function coverageText(coverage: Coverage): string {
  const parts = [`${coverage.asked} asked`];
  if (coverage.answered > 0) parts.push(`${coverage.answered} answered without an opinion that decides`);
  if (coverage.noRecord > 0)
    parts.push(coverage.noRecord === 1 ? "1 has no record" : `${coverage.noRecord} have no record`);
  if (coverage.failed > 0) parts.push(`${coverage.failed} failed`);
  if (coverage.skipped > 0) parts.push(`${coverage.skipped} skipped`);
  return parts.join(", ");
}

function age(answer: Opinionated, input: VerdictInput): Aged {
  const windowMs = (input.freshDays ?? Number.POSITIVE_INFINITY) * dayMs;
  const ageMs = answer.observedAt === null ? 0 : Math.max(0, input.now - Date.parse(answer.observedAt));
  return { ...answer, fresh: ageMs <= windowMs, decay: 0.5 ** (ageMs / windowMs) };
}

/** Noisy-or over families: each family adds its strongest opinion to what is left of 100. */
function scoreOf(aged: readonly Aged[]): { score: number; terms: ScoreTerm[] } {
  const strongest = new Map<string, { answer: Aged; strength: number }>();
  for (const answer of aged) {
    const value = answer.verdict === "malicious" ? 1 : answer.verdict === "suspicious" ? 0.5 : 0;
    const strength = weights[answer.source.reliability] * value * answer.decay;
    const family = answer.source.provider.family;
    if (strength > (strongest.get(family)?.strength ?? 0)) strongest.set(family, { answer, strength });
  }
  const order = [...strongest].sort(([a, x], [b, y]) => y.strength - x.strength || compare(a, b));
  let score = 0;
  const terms = order.map(([family, { answer, strength }]) => {
    const points = (100 - score) * strength;
    score += points;
    return { points: round(points), family, source: answer.source.slug, verdict: answer.verdict };
  });
  return { score: round(score), terms };
}

function cover(answers: readonly Opinionated[], asked: number): Coverage {
  const count = (outcome: Answer["outcome"]): number => answers.filter((answer) => answer.outcome === outcome).length;
  return {
    asked,
    answered: count("ok"),
    noRecord: count("not_found"),
    failed: count("failed"),
    skipped: count("skipped"),
  };
}

const day = (time: string): string => time.slice(0, 10);
const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ");
const list = new Intl.ListFormat("en");
const names = (answers: readonly Aged[]): string => several(answers.map((answer) => answer.source.name));
const several = (all: readonly string[]): string => {
  return all.length <= 3 ? list.format(all) : `${all.slice(0, 3).join(", ")} and ${all.length - 3} more`;
};
const graded = ({ source }: Aged): string => `${source.name} (reliability ${source.reliability})`;
const say = (answers: readonly Aged[]): string => (answers.length > 1 ? "call" : "calls");
const round = (value: number): number => Math.round(value * 10) / 10;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
