import type { Answer, DecisionWord, IgnoreListKind, IgnoreListMatch, Opinion } from "@assay/contract";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { testAnswer } from "./fixtures.ts";
import { type VerdictInput, weigh } from "./verdict.ts";

const now = Date.parse("2026-06-01T00:00:00Z");
const daysAgo = (days: number): string => new Date(now - days * 86_400_000).toISOString();
type Told = [
  slug: string,
  reliability: Answer["source"]["reliability"],
  verdict: Opinion,
  days?: number,
  family?: string,
];
const answer = ([slug, reliability, verdict, days, family]: Told): Answer =>
  testAnswer(
    slug,
    { verdict, observedAt: days === undefined ? null : daysAgo(days) },
    {
      reliability,
      provider: { id: "000000000000", slug, name: slug, family: family ?? slug },
    },
  );
const premises = { decision: null, freshDays: 30, ignoreLists: [], now };
const weighed = (told: Told[], changes: Partial<VerdictInput> = {}) =>
  weigh({ ...premises, asked: told.length, answers: told.map(answer), ...changes });
const held = (kind: IgnoreListKind): IgnoreListMatch => ({
  list: { id: "000000000000", slug: "list", name: "Our offices", kind },
  entry: { type: "cidr", value: "192.0.2.0/24" },
});

describe("the overall verdict is that of the first rule that fires", () => {
  test.each<[string, Told[], string, string]>([
    [
      "a trusted source's fresh malicious decides",
      [
        ["a", "B", "malicious", 1],
        ["b", "A", "benign"],
      ],
      "R2",
      "malicious",
    ],
    ["a trusted source's stale malicious is but suspicious", [["a", "A", "malicious", 31]], "R4", "suspicious"],
    [
      "two independent fair sources decide together",
      [
        ["a", "C", "malicious"],
        ["b", "C", "malicious"],
      ],
      "R3",
      "malicious",
    ],
    [
      "copies of one feed count once",
      [
        ["a", "C", "malicious", 1, "feed"],
        ["b", "C", "malicious", 1, "feed"],
      ],
      "R4",
      "suspicious",
    ],
    [
      "two doubtful sources do not make malicious",
      [
        ["a", "D", "malicious"],
        ["b", "F", "malicious"],
      ],
      "R4",
      "suspicious",
    ],
    [
      "any suspicion outweighs benign",
      [
        ["a", "F", "suspicious"],
        ["b", "A", "benign"],
      ],
      "R4",
      "suspicious",
    ],
    ["benign needs a trusted source", [["a", "C", "benign"]], "R6", "unknown"],
    [
      "benign from a trusted source and nothing adverse",
      [
        ["a", "B", "benign"],
        ["b", "A", "none"],
      ],
      "R5",
      "benign",
    ],
    ["context is no opinion", [["a", "A", "none"]], "R6", "unknown"],
    ["nothing at all is unknown, never benign", [], "R6", "unknown"],
  ])("%s", (_, told, rule, verdict) => {
    expect(weighed(told)).toMatchObject({ rule, verdict });
  });

  test("each trusted source that calls it malicious is named with its reliability", () => {
    expect(weighed([["a", "B", "malicious"]]).text).toBe("a (reliability B) calls it malicious");
    const told: Told[] = [
      ["a", "B", "malicious"],
      ["b", "A", "malicious"],
      ["c", "C", "malicious"],
    ];
    expect(weighed(told).text).toBe("a (reliability B) and b (reliability A) call it malicious");
  });

  test.each<[string, IgnoreListKind[], Told[], object]>([
    [
      "a known-good list outweighs every source, and who disagrees is named",
      ["known_good"],
      [
        ["a", "A", "malicious"],
        ["b", "A", "benign"],
        ["c", "F", "malicious", 400],
      ],
      {
        rule: "R1",
        verdict: "benign",
        conflicts: ["a", "c"],
        text: "On the known-good list Our offices (192.0.2.0/24); in conflict with it, a and c call it malicious",
        score: 90,
      },
    ],
    ["nobody need be asked for it", ["context", "known_good"], [], { rule: "R1", verdict: "benign", conflicts: [] }],
    ["a context list decides nothing", ["context"], [["a", "A", "malicious"]], { rule: "R2", conflicts: [] }],
  ])("%s", (_, kinds, told, expected) => {
    const ignoreLists = kinds.map(held);
    const answers = told.map(answer);
    expect(weigh({ ...premises, ignoreLists, asked: told.length, answers })).toMatchObject(expected);
  });

  test.each<[string, DecisionWord, Told[], IgnoreListKind[], object]>([
    [
      "outweighs every source; fresh opinions that say otherwise are named, stale ones are not",
      "benign",
      [
        ["a", "A", "malicious", 1],
        ["b", "F", "suspicious"],
        ["c", "A", "malicious", 31],
        ["d", "A", "benign"],
        ["e", "A", "none"],
      ],
      [],
      {
        verdict: "benign",
        conflicts: ["a", "b"],
        text: "Decided by Ann on 2026-05-30, until 2026-08-28: Our own scanner; in conflict with it, a and b say otherwise",
        score: 94.3,
      },
    ],
    ["needs no source", "suspicious", [], [], { verdict: "suspicious", conflicts: [] }],
    ["holds where less of the same is said", "malicious", [["a", "A", "suspicious"]], [], { conflicts: [] }],
    ["is in conflict with more", "suspicious", [["a", "A", "malicious"]], [], { conflicts: ["a"] }],
    [
      "outweighs a known-good list, which is named",
      "malicious",
      [["a", "C", "benign"]],
      ["known_good", "context"],
      { conflicts: ["a"], text: expect.stringMatching(/a and the known-good list Our offices say otherwise$/) },
    ],
    ["is at one with a known-good list", "benign", [], ["known_good"], { text: expect.stringMatching(/scanner$/) }],
  ])("an analyst's decision %s", (_, verdict, told, kinds, expected) => {
    const user = { id: "000000000001", name: "Ann" };
    const times = { createdAt: "2026-05-30T10:00:00.000Z", expiresAt: "2026-08-28T10:00:00.000Z" };
    const decision = { id: "000000000002", verdict, reason: "Our own\n scanner", user, ...times };
    const ignoreLists = kinds.map(held);
    expect(weighed(told, { decision, ignoreLists })).toMatchObject({ rule: "R0", decision, ...expected });
  });

  test("the window decides what is fresh, and how fast the score decays", () => {
    const told: Told[] = [["a", "A", "malicious", 20]];
    expect([30, 10].map((freshDays) => weighed(told, { freshDays }).rule)).toEqual(["R2", "R4"]);
    expect([20, 10].map((freshDays) => weighed(told, { freshDays }).score)).toEqual([45, 22.5]);
  });

  test("benign about less than the indicator says nothing about the rest; malicious about it does", () => {
    const askedFor = { data: "example.org", kind: "DOMAIN", stripped: ["email_local_part"] } as const;
    const less = (told: Told) => ({ ...answer(told), askedFor: { ...askedFor, stripped: [...askedFor.stripped] } });
    const of = (...answers: Answer[]) => weigh({ ...premises, asked: 2, answers });
    expect(of(less(["a", "A", "benign"]))).toMatchObject({ rule: "R6", verdict: "unknown" });
    expect(of(less(["a", "A", "benign"]), answer(["b", "B", "benign"]))).toMatchObject({ rule: "R5", sources: ["b"] });
    expect(of(less(["a", "A", "malicious"]))).toMatchObject({ rule: "R2", verdict: "malicious" });
  });

  test("a hash does not age", () => {
    expect(weighed([["a", "A", "malicious", 3000]], { freshDays: null })).toMatchObject({ rule: "R2" });
  });

  test("answers without an opinion never count as one, and coverage tells them apart", () => {
    const answers = [
      testAnswer("a", { outcome: "not_found" }),
      testAnswer("b", { outcome: "failed", verdict: "malicious" }),
      testAnswer("c", { outcome: "skipped" }),
    ];
    expect(weigh({ ...premises, asked: 4, answers })).toMatchObject({
      verdict: "unknown",
      text: "4 asked, 1 has no record, 1 failed, 1 skipped",
      coverage: { asked: 4, answered: 0, noRecord: 1, failed: 1, skipped: 1 },
      provisional: true,
      score: 0,
    });
  });

  test("the score adds each family's strongest opinion to what is left of 100", () => {
    expect(
      weighed([
        ["a", "A", "malicious"],
        ["b", "C", "suspicious"],
        ["c", "D", "malicious", 0, "a"],
      ]),
    ).toMatchObject({
      score: 92.5,
      terms: [
        { family: "a", points: 90, source: "a" },
        { family: "b", points: 2.5, source: "b" },
      ],
    });
  });

  test("the order of arrival changes nothing", () => {
    const told = fc.tuple(
      fc.constantFrom("a", "b", "c", "d", "e", "f"),
      fc.constantFrom("A", "B", "C", "D", "E", "F"),
      fc.constantFrom<Opinion[]>("malicious", "suspicious", "benign", "none"),
      fc.option(fc.integer({ min: 0, max: 400 }), { nil: undefined }),
      fc.constantFrom("x", "y", "z"),
    ) as fc.Arbitrary<Told>;
    fc.assert(
      fc.property(fc.uniqueArray(told, { selector: ([slug]) => slug, maxLength: 6 }), (answers) => {
        expect(weighed(answers.toReversed())).toEqual(weighed(answers));
      }),
    );
  });
});
