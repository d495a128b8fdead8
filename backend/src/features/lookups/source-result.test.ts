import { expect, test } from "vitest";
import { readSourceResult } from "./source-result.ts";
import { mayBeUnstorable, storable } from "./storable.ts";

const read = (value: unknown) => readSourceResult(JSON.stringify(value));

test("plain JSON is data without an opinion", () => {
  for (const value of [{ ip: "192.0.2.1" }, [1, 2], "text", 7, { data: { a: 1 }, meta: {} }]) {
    expect(read(value)).toMatchObject({ ok: true, result: { data: value, verdict: "none", reasons: [] } });
  }
});

test("an envelope states an opinion; relations get their canonical form", () => {
  expect(
    read({
      data: { a: 1 },
      verdict: "malicious",
      reasons: [{ code: "engines", text: "17 of 94 engines", value: 17, threshold: 5 }],
      facts: { asn: 64496, country: "DE" },
      relations: [{ kind: "DOMAIN", data: "EXAMPLE.com", type: "resolves_to" }],
    }),
  ).toMatchObject({ ok: true, result: { verdict: "malicious", relations: [{ data: "example.com" }] } });
});

test.each([
  [{ data: 1, verdict: "bad" }, /"verdict"/],
  [{ data: 1, facts: { country: "Germany" } }, /"facts.country"/],
  [{ data: 1, facts: { planet: "Mars" } }, /planet/],
  [{ data: 1, reasons: [{ text: "no code" }] }, /"reasons.0.code"/],
  [{ data: 1, link: "javascript:alert(1)" }, /"link"/],
  [{ data: 1, verdict: "malicious", reason: [] }, /reason/],
  [{ verdict: "malicious", reasons: [] }, /"data"/],
  [{ data: 1, relations: [{ kind: "IPV4", data: "nowhere", type: "resolves_to" }] }, /"relations.0.data"/],
])("a bad opinion is refused by name, never dropped: %j", (value, message) => {
  expect(read(value)).toMatchObject({ ok: false, message: expect.stringMatching(message) });
});

test("a result of any depth is an answer or a refusal, never a fault", () => {
  for (const depth of [150, 20_000])
    expect(typeof readSourceResult("[".repeat(depth) + "]".repeat(depth)).ok).toBe("boolean");
});

test("what PostgreSQL cannot store is replaced, in keys too", () => {
  const value = { "k\u0000": ["\ud800", { x: "a\u0000b" }], fine: "\ud83d\ude00" };
  expect(mayBeUnstorable(JSON.stringify(value))).toBe(true);
  expect(storable(value)).toEqual({ "k\uFFFD": ["\uFFFD", { x: "a\uFFFDb" }], fine: "\ud83d\ude00" });
});
