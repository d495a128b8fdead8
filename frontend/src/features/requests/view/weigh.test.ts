import { describe, expect, it } from "vitest";
import { gatherFacts, gatherRelations } from "./gather.ts";
import { aRequest, aSource, aVerdict, anAnswer } from "./lookup-fixtures.ts";
import { viewOfRequest } from "./lookup-view.ts";
import { isNotAsked, markOf, orderPlaces, topReasons } from "./weigh.ts";

const [alpha, beta, gamma, delta] = [aSource("Alpha"), aSource("Beta"), aSource("Gamma"), aSource("Delta")];
const view = viewOfRequest(
  {
    ...aRequest({ status: "completed", verdict: aVerdict({ verdict: "malicious", rule: "R2", sources: ["gamma"] }) }),
    answers: [
      anAnswer(alpha, {
        verdict: "malicious",
        reasons: [{ code: "A", text: "alpha says so" }],
        facts: { country: "NL", ports: [22, 80] },
        relations: [{ kind: "DOMAIN", data: "example.com", type: "resolves_to" }],
      }),
      anAnswer(beta, { outcome: "failed", problems: [{ code: "TIMEOUT", message: "" }] }),
      anAnswer(gamma, {
        verdict: "malicious",
        reasons: [{ code: "G", text: "gamma says so" }],
        facts: { country: "NL", ports: [80, 443] },
        relations: [{ kind: "DOMAIN", data: "example.com", type: "resolves_to" }],
      }),
      anAnswer(delta, { outcome: "skipped", problems: [{ code: "TLP", message: "" }] }),
    ],
  },
  undefined,
);

describe("what is read first", () => {
  it("are the reasons of the sources that the verdict rests on", () => {
    expect(topReasons(view, 3).map((reason) => reason.text)).toEqual(["gamma says so", "alpha says so"]);
    expect(topReasons(view, 1)).toHaveLength(1);
  });

  it("are the gravest answers, when that order is chosen; failed and skipped stand last", () => {
    const ids = orderPlaces(view, "verdict", true);
    expect(ids).toEqual([alpha.id, gamma.id, beta.id, delta.id]);
  });
});

describe("a place", () => {
  it("never takes failed, skipped or missing answers for opinions", () => {
    expect(view.places.map((place) => markOf(place, true))).toEqual(["malicious", "failed", "skipped", "malicious"]);
    const waiting = { source: alpha, problems: [], answer: null };
    expect([markOf(waiting, false), markOf(waiting, true)]).toEqual(["running", "unanswered"]);
  });

  it("counts as not asked by plan, but not when it was cut short on the way", () => {
    const skipped = (code: "TLP" | "CANCELLED") => ({ source: delta, problems: [{ code, message: "" }], answer: null });
    expect([isNotAsked(skipped("TLP")), isNotAsked(skipped("CANCELLED"))]).toEqual([true, false]);
  });
});

describe("what the sources say together", () => {
  it("has each value once, the most agreed first, with who says it", () => {
    const facts = gatherFacts(view.places);
    expect(facts.get("country")).toEqual([{ name: "country", value: "NL", sources: ["Alpha", "Gamma"] }]);
    expect(facts.get("ports")?.map((fact) => fact.value)).toEqual([80, 22, 443]);
  });

  it("has each tie to another indicator once", () => {
    expect(gatherRelations(view.places)).toEqual([
      { kind: "DOMAIN", data: "example.com", type: "resolves_to", sources: ["Alpha", "Gamma"] },
    ]);
  });
});
