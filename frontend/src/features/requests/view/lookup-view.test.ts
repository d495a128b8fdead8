import type { LookupEvent } from "@assay/contract";
import { describe, expect, it } from "vitest";
import { aRequest, aSource, aVerdict, anAnswer } from "./lookup-fixtures.ts";
import { applyEvent, type LookupView, viewOfRequest } from "./lookup-view.ts";

const [one, two, three] = [aSource("One"), aSource("Two"), aSource("Three")];
const { answers: _, ...running } = aRequest();
const { answers: __, ...completed } = aRequest({
  status: "completed",
  verdict: aVerdict({ verdict: "malicious", rule: "R2" }),
});

const events: readonly LookupEvent[] = [
  {
    type: "fetching_start",
    request: running,
    plan: [
      { source: two, problems: [] },
      { source: one, problems: [] },
      { source: three, problems: [{ code: "TLP", message: "" }] },
    ],
  },
  {
    type: "fetching_error",
    sourceId: three.id,
    answer: anAnswer(three, { outcome: "skipped", problems: [{ code: "TLP", message: "" }] }),
  },
  { type: "fetching_data", sourceId: one.id, answer: anAnswer(one) },
  { type: "verdict", verdict: aVerdict({ verdict: "suspicious", rule: "R4" }) },
  {
    type: "fetching_error",
    sourceId: two.id,
    answer: anAnswer(two, { outcome: "failed", problems: [{ code: "TIMEOUT", message: "" }] }),
  },
  { type: "fetching_end", request: completed },
];

const start = viewOfRequest(aRequest(), undefined);
const names = (view: LookupView): string[] => view.places.map((place) => place.source.name);

describe("a lookup that is watched", () => {
  it("gives every source its place with the first event, and never moves it", () => {
    let view = start;
    for (const event of events) {
      view = applyEvent(view, event);
      expect(names(view)).toEqual(["Two", "One", "Three"]);
    }
    expect(view.places.map((place) => place.answer?.outcome)).toEqual(["failed", "ok", "skipped"]);
    expect(view.request).toEqual(completed);
  });

  it("comes to the same when a reconnection repeats any of its events", () => {
    const once = events.reduce(applyEvent, start);
    for (let from = 0; from < events.length; from += 1) {
      const upTo = events.slice(0, from + 1).reduce(applyEvent, start);
      expect(events.reduce(applyEvent, upTo)).toEqual(once);
    }
  });

  it("stays ended when the stream is replayed after the end, at every step", () => {
    let view = events.reduce(applyEvent, start);
    for (const event of events) {
      view = applyEvent(view, event);
      expect(view.request.status).toBe("completed");
      expect(view.request.verdict.verdict).toBe("malicious");
    }
  });

  it("keeps the order of the plan when it is fetched whole, and sorts by name when it has none", () => {
    const whole = { ...completed, answers: [anAnswer(one), anAnswer(three), anAnswer(two)] };
    const planned = events.slice(0, 1).reduce(applyEvent, start);
    expect(names(viewOfRequest(whole, planned))).toEqual(["Two", "One", "Three"]);
    expect(names(viewOfRequest(whole, undefined))).toEqual(["One", "Three", "Two"]);
  });
});
