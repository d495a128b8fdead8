import fc from "fast-check";
import { expect, it } from "vitest";
import { testSource } from "../lookups/fixtures.ts";
import { type AskedIndicator, cacheKeyOf } from "./cache-key.ts";

const hash = fc.constantFrom("a".repeat(64), "b".repeat(64));
const source = fc.record({
  id: fc.constantFrom("aaaaaaaaaaaa", "bbbbbbbbbbbb"),
  codeHash: hash,
  config: fc.dictionary(fc.constantFrom("limit", "mode"), fc.constantFrom(1, 2, "1", true), { noNullPrototype: true }),
  hosts: fc.uniqueArray(fc.constantFrom("a.example", "b.example")),
});
const indicator: fc.Arbitrary<AskedIndicator> = fc.record({
  kind: fc.constantFrom("DOMAIN", "URL", "REGISTRY_KEY"),
  data: fc.oneof(fc.constantFrom("example.com", "a\nb", "DOMAIN\nexample.com"), fc.string()),
});
type Asked = {
  readonly source: typeof source extends fc.Arbitrary<infer T> ? T : never;
  readonly indicator: AskedIndicator;
};
const asked: fc.Arbitrary<Asked> = fc.record({ source, indicator });

const keyOf = ({ source: { id, codeHash, config, hosts }, indicator }: Asked) => {
  const configJson = JSON.stringify(config);
  return cacheKeyOf(testSource("any", { snapshot: { id }, codeHash, configJson, hosts }), indicator);
};
/** What has to be the same for the same answer, told in another way than by the code under test. */
const meaning = ({ source: { id, codeHash, config, hosts }, indicator: { kind, data } }: Asked): string =>
  JSON.stringify([id, codeHash, config["limit"] ?? null, config["mode"] ?? null, hosts.toSorted(), kind, data]);

it("is the same exactly where source, code, settings, hosts and indicator are the same", () => {
  const given = fc.oneof(
    fc.tuple(asked, asked),
    asked.map((one): [Asked, Asked] => {
      const config = Object.fromEntries(Object.entries(one.source.config).toReversed());
      return [one, { ...one, source: { ...one.source, config, hosts: one.source.hosts.toReversed() } }];
    }),
  );
  fc.assert(
    fc.property(given, ([a, b]) => {
      expect(keyOf(a).digest === keyOf(b).digest).toBe(meaning(a) === meaning(b));
      const sameIndicator = a.indicator.kind === b.indicator.kind && a.indicator.data === b.indicator.data;
      expect(keyOf(a).indicatorDigest === keyOf(b).indicatorDigest).toBe(sameIndicator);
    }),
    { numRuns: 2_000 },
  );
});

it("holds nothing of what it is made of", () => {
  const secretive = testSource("any", { configJson: JSON.stringify({ pin: "hunter2" }) });
  expect(JSON.stringify(cacheKeyOf(secretive, { kind: "DOMAIN", data: "quiet.example" }))).not.toMatch(/hunter2|quiet/);
});

it("does not depend on names, reliability, time limit or lifetimes", () => {
  const own = { kind: "IPV4", data: "192.0.2.1" } as const;
  const other = testSource("any", { snapshot: { name: "Other", reliability: "A" }, timeoutMs: 1, cacheEnabled: false });
  expect(cacheKeyOf(other, own)).toEqual(cacheKeyOf(testSource("any"), own));
});
