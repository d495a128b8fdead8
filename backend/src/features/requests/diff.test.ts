import type { Answer } from "@assay/contract";
import { expect, it } from "vitest";
import { testAnswer } from "../lookups/fixtures.ts";
import { diffAnswers } from "./diff.ts";

it("tells what each source says anew, no longer says, and says as before", () => {
  const steady = testAnswer("steady", { labels: ["a"], facts: { ports: [22, 80] } });
  const turned = testAnswer("turned", { verdict: "benign", labels: ["a", "b"], facts: { country: "NL", asn: 1 } });
  const relation = { kind: "IPV4", data: "192.0.2.1", type: "resolves_to" } as const;
  const changes = {
    verdict: "malicious",
    labels: ["b", "c"],
    facts: { country: "DE", asn: 1 },
    relations: [relation],
  } as const;
  const after = [steady, testAnswer("new"), { ...turned, ...changes, labels: ["b", "c"], relations: [relation] }];
  const side = (answers: Answer[], ...pruned: Answer[]) => ({
    answers,
    pruned: new Set(pruned.map((a) => a.source.id)),
  });
  const before = [steady, turned, testAnswer("gone", { outcome: "failed" })];
  const diff = diffAnswers(side(before), side(after));
  expect(diff.map(({ source, changed }) => [source.slug, changed])).toEqual([
    ["new", true],
    ["turned", true],
    ["gone", true],
    ["steady", false],
  ]);
  expect(diff[0]).toMatchObject({ outcome: { before: null, after: "ok" } });
  expect(diff[1]).toMatchObject({
    outcome: { before: "ok", after: "ok" },
    verdict: { before: "benign", after: "malicious" },
    labels: { added: ["c"], removed: ["a"] },
    facts: [{ name: "country", before: "NL", after: "DE" }],
    relations: { added: [relation], removed: [] },
  });
  expect(diff[2]).toMatchObject({ outcome: { before: "failed", after: null }, verdict: { before: null, after: null } });
  // What retention deleted has not changed.
  const kept = diffAnswers(side([turned], steady), side([steady], turned));
  expect(kept.map(({ source, changed, pruned }) => [source.slug, changed, pruned])).toEqual([
    ["steady", false, "before"],
    ["turned", false, "after"],
  ]);
});
