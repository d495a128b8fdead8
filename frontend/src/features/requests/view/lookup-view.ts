import type { Answer, AnswerProblem, LookupEvent, Request, RequestSummary, SourceSnapshot } from "@assay/contract";

/** The place of one source: there from the first event on, filled when its answer arrives. */
export interface Place {
  readonly source: SourceSnapshot;
  /** Why it will not be asked, known from the plan. */
  readonly problems: readonly AnswerProblem[];
  readonly answer: Answer | null;
}

/** A lookup as it is shown. */
export interface LookupView {
  readonly request: RequestSummary;
  /** In the order of the plan; answers never move them. */
  readonly places: readonly Place[];
}

/** A lookup as the server tells it whole; places that are known keep their order. */
export function viewOfRequest(request: Request, known: LookupView | undefined): LookupView {
  const { answers, ...summary } = request;
  const start = known?.request.id === request.id ? known.places : [];
  // Like the plan: by name. Answers come in the order of their arrival.
  const byName = answers.toSorted((a, b) => a.source.name.localeCompare(b.source.name));
  return byName.reduce(withAnswer, { request: summary, places: start });
}

/** The lookup after one event of its stream. The same event twice, as after a reconnection, changes nothing. */
export function applyEvent(view: LookupView, event: LookupEvent): LookupView {
  switch (event.type) {
    case "fetching_start":
      return { request: stillRunning(view.request, event.request), places: planned(view.places, event.plan) };
    case "fetching_data":
    case "fetching_error":
      return withAnswer(view, event.answer);
    case "verdict":
      return ended(view.request) ? view : { ...view, request: { ...view.request, verdict: event.verdict } };
    case "fetching_end":
      return { ...view, request: event.request };
  }
}

/** Nothing more will arrive. */
export function ended(request: RequestSummary): boolean {
  return request.status !== "running";
}

/** A replayed start must not set back a lookup that is known to have ended. */
function stillRunning(known: RequestSummary, told: RequestSummary): RequestSummary {
  return ended(known) ? known : { ...told, verdict: known.verdict };
}

function planned(known: readonly Place[], plan: readonly Omit<Place, "answer">[]): Place[] {
  const answers = new Map(known.map((place) => [place.source.id, place.answer]));
  const inPlan = new Set(plan.map((row) => row.source.id));
  return [
    ...plan.map((row) => ({ source: row.source, problems: row.problems, answer: answers.get(row.source.id) ?? null })),
    ...known.filter((place) => !inPlan.has(place.source.id)),
  ];
}

function withAnswer(view: LookupView, answer: Answer): LookupView {
  const at = view.places.findIndex((place) => place.source.id === answer.source.id);
  const place: Place = { source: answer.source, problems: answer.problems, answer };
  return { ...view, places: at < 0 ? [...view.places, place] : view.places.with(at, place) };
}
