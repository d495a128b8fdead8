import type { Answer, AnswerProblem, Opinion, Reason } from "@assay/contract";
import type { LookupView, Place } from "./lookup-view.ts";

/** What one place shows: an opinion, or why there is none. */
export type Mark = Opinion | "not_found" | "failed" | "skipped" | "running" | "unanswered";

/** `running` is a place that still waits; `unanswered` one whose lookup ended without its answer. */
export function markOf(place: Place, lookupEnded: boolean): Mark {
  const { answer } = place;
  if (answer === null) {
    if (place.problems.length > 0) return "skipped";
    return lookupEnded ? "unanswered" : "running";
  }
  return answer.outcome === "ok" ? answer.verdict : answer.outcome;
}

const weights: Readonly<Record<Mark, number>> = {
  malicious: 0,
  suspicious: 1,
  benign: 2,
  none: 3,
  not_found: 4,
  failed: 5,
  unanswered: 6,
  running: 7,
  skipped: 8,
};

export type PlaceOrder = "plan" | "verdict" | "name" | "time";

/** Ids of the sources in the order asked for. Equal ones keep the order of the plan. */
export function orderPlaces(view: LookupView, order: PlaceOrder, lookupEnded: boolean): string[] {
  const by: Readonly<Record<PlaceOrder, (a: Place, b: Place) => number>> = {
    plan: () => 0,
    verdict: (a, b) => weights[markOf(a, lookupEnded)] - weights[markOf(b, lookupEnded)],
    name: (a, b) => a.source.name.localeCompare(b.source.name),
    time: (a, b) => durationMs(a) - durationMs(b),
  };
  return view.places.toSorted(by[order]).map((place) => place.source.id);
}

/** How long a source took, in milliseconds; infinite while it is out. */
export function durationMs(place: Place): number {
  return place.answer === null ? Number.POSITIVE_INFINITY : answerMs(place.answer);
}

export function answerMs({ timing }: Pick<Answer, "timing">): number {
  return Math.max(0, Date.parse(timing.endedAt) - Date.parse(timing.startedAt));
}

export interface WeighedReason extends Reason {
  readonly source: string;
  readonly opinion: Opinion;
}

/** The reasons worth reading first: of the sources that the verdict rests on, then by how grave the opinion is. */
export function topReasons(view: LookupView, countMax: number): WeighedReason[] {
  const behind = new Set(view.request.verdict.sources);
  const rank = (answer: Answer): number => (behind.has(answer.source.slug) ? 0 : 10) + weights[answer.verdict];
  const answers = view.places.flatMap((place) => (place.answer?.outcome === "ok" ? [place.answer] : []));
  return answers
    .toSorted((a, b) => rank(a) - rank(b))
    .flatMap((answer) =>
      answer.reasons.map((reason) => ({ ...reason, source: answer.source.name, opinion: answer.verdict })),
    )
    .slice(0, countMax);
}

const decidedOnTheWay: ReadonlySet<AnswerProblem["code"]> = new Set(["BUDGET", "DEADLINE", "CANCELLED"]);

/** Known from the plan not to be asked; what was cut short on the way keeps its place among the asked. */
export function isNotAsked(place: Place): boolean {
  if (place.answer !== null && place.answer.outcome !== "skipped") return false;
  return place.problems.length > 0 && !place.problems.some((problem) => decidedOnTheWay.has(problem.code));
}
