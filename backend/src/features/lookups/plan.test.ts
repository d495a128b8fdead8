import { describe, expect, test } from "vitest";
import type { HeldBy } from "../ignore-lists/ignore-list-store.ts";
import { testSource } from "./fixtures.ts";
import { planLookup, type PlanInput } from "./plan.ts";

const input = (changes: Partial<PlanInput>): PlanInput => ({
  data: "192.0.2.1",
  kind: "IPV4",
  tlp: "GREEN",
  pap: "GREEN",
  heldBy: [],
  named: null,
  all: [],
  languages: { JAVASCRIPT: true, PYTHON: true },
  secretProblems: () => [],
  ...changes,
});
const codes = (changes: Partial<PlanInput>): string[][] =>
  planLookup(input(changes)).map((row) => row.problems.map((problem) => problem.code));
const exposed = (exposure: "local" | "passive" | "active" | "public") =>
  testSource(exposure, { snapshot: { exposure } });

describe("a plan", () => {
  test("asks every source that knows the kind, and leaves the others out unless they are named", () => {
    const knows = testSource("knows");
    const other = testSource("other", { supportedIndicators: new Set(["URL"]) });
    expect(planLookup(input({ all: [knows, other] })).map((row) => row.source)).toEqual([knows]);
    expect(codes({ all: [knows, other], named: [other] })).toEqual([["UNSUPPORTED_INDICATOR"]]);
  });

  test("names all reasons of a source that is not asked, at once", () => {
    const source = testSource("off", {
      language: "PYTHON",
      enabled: false,
      providerEnabled: false,
      disabledIndicators: new Set(["IPV4"]),
      code: "",
      maxTlp: "CLEAR",
      snapshot: { exposure: "active" },
    });
    expect(codes({ all: [source], pap: "RED", languages: { JAVASCRIPT: true, PYTHON: false } })).toEqual([
      [
        "DISABLED_INDICATOR",
        "SOURCE_DISABLED",
        "PROVIDER_DISABLED",
        "RUNNER_DISABLED",
        "MISSING_SOURCE_CODE",
        "TLP",
        "PAP",
      ],
    ]);
  });

  test.each([
    ["RED", [[], ["PAP"], ["PAP"], ["PAP"]]],
    ["AMBER", [[], [], ["PAP"], ["PAP"]]],
    ["GREEN", [[], [], [], ["PAP"]]],
    ["CLEAR", [[], [], [], ["PAP"]]],
  ] as const)("under PAP:%s asks only what that allows", (pap, expected) => {
    expect(codes({ all: [exposed("local"), exposed("passive"), exposed("active"), exposed("public")], pap })).toEqual(
      expected,
    );
  });

  test("leaves out whoever a known-good list concerns, with every such list and its entry", () => {
    const held = (slug: string, changes: Partial<HeldBy> = {}): HeldBy => ({
      list: { id: "000000000000", slug, name: slug, kind: "known_good" },
      entry: { type: "cidr", value: "192.0.2.0/24" },
      global: false,
      sourceIds: new Set(),
      providerIds: new Set(),
      ...changes,
    });
    const [tied, providers, other] = [testSource("tied"), testSource("provided"), testSource("other")];
    const heldBy = [
      held("nobody"),
      held("source", { sourceIds: new Set([tied.snapshot.id]) }),
      held("provider", { providerIds: new Set([tied, providers].map((each) => each.snapshot.provider.id)) }),
      held("context", { global: true, list: { ...held("context").list, kind: "context" } }),
    ];
    const all = [tied, providers, other];
    const lists = planLookup(input({ all, heldBy })).map((row) => row.problems.map(({ list, entry }) => [list, entry]));
    const entry = "192.0.2.0/24";
    expect(lists).toEqual([
      [
        ["source", entry],
        ["provider", entry],
      ],
      [["provider", entry]],
      [],
    ]);
    expect(codes({ all, heldBy: [held("all", { global: true })] })).toEqual(all.map(() => ["WITHIN_IGNORE_LIST"]));
  });

  test("publishes an indicator only where the source is named and PAP is CLEAR", () => {
    expect(codes({ named: [exposed("public")], pap: "CLEAR" })).toEqual([[]]);
    expect(codes({ named: [exposed("public")], pap: "GREEN" })).toEqual([["PAP"]]);
  });

  test("keeps a lookup from sources whose highest TLP is below its own", () => {
    const source = testSource("amber", { maxTlp: "AMBER" });
    expect(codes({ all: [source], tlp: "AMBER" })).toEqual([[]]);
    expect(codes({ all: [source], tlp: "AMBER+STRICT" })).toEqual([["TLP"]]);
  });
});
