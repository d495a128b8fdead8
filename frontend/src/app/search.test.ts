import { expect, test } from "vitest";
import { auditSearch, batchSearch, lookupsSearch, signInSearch } from "./search.ts";

test("an address gives what fits, and nothing else", () => {
  const typed = {
    verdict: "malicious",
    status: "unheard of",
    domain: "",
    prefix: 192,
    kind: null,
    junk: "x",
    at: "r1",
  };
  expect(lookupsSearch(typed)).toEqual({ verdict: "malicious", prefix: "192", at: "r1" });
  expect(batchSearch({ state: ["failed"], verdict: "Malicious" })).toEqual({});
  expect(auditSearch({ text: "lin@example.org", actorType: "nobody" })).toEqual({ text: "lin@example.org" });
});

test("only a true flag is one", () => {
  expect(signInSearch({ ended: true, next: "/lookups" })).toEqual({ ended: true, next: "/lookups" });
  expect(signInSearch({ ended: "true" })).toEqual({});
});
