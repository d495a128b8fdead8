import { entryTypes, type EntryType, type IgnoreListEntry, type IndicatorKind } from "@assay/contract";
import { canonicalise } from "@assay/indicators";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileMatcher, type MatchableList } from "./compile-matcher.ts";
import { compileExpression } from "./expression.ts";
import { naiveMatch } from "./naive-matcher.ts";
import { readEntry } from "./read-entry.ts";

function entry(type: EntryType, text: string, exception = false): IgnoreListEntry {
  const read = readEntry(text, type, exception);
  if (!read.ok) throw new Error(`${text} ${read.reason}`);
  return read.entry;
}
const list = (entries: IgnoreListEntry[], indicatorKinds: IndicatorKind[] = []): MatchableList => ({
  indicatorKinds,
  entries,
});
async function hits(entries: IgnoreListEntry[], kind: IndicatorKind, data: string, kinds: IndicatorKind[] = []) {
  return (await compileMatcher([list(entries, kinds)]))(kind, data).map(({ entry }) => entry.value);
}

describe("an entry holds", () => {
  test.each<[EntryType, string, IndicatorKind, string, boolean]>([
    ["string", "Example.COM", "DOMAIN", "example.com", true],
    ["string", "example.com", "DOMAIN", "www.example.com", false],
    ["string", "https://example.com/Path", "URL", "https://example.com/Path", true],
    ["string", "https://example.com/Path", "URL", "https://example.com/path", false],
    ["string", "2001:DB8:0:0::1", "IPV6", "2001:db8::1", true],
    ["hostname", ".example.com", "DOMAIN", "example.com", true],
    ["hostname", "*.Example.com.", "DOMAIN", "a.b.example.com", true],
    ["hostname", "example.com", "DOMAIN", "notexample.com", false],
    ["hostname", "example.com", "URL", "https://user@www.example.com:8443/x", true],
    ["hostname", "example.com", "URL", "https://evil.test/example.com", false],
    ["hostname", "example.com", "EMAIL", "a@example.com", false],
    ["hostname", "test", "DOMAIN", "a.test", true],
    ["cidr", "192.0.2.7", "IPV4", "192.0.2.7", true],
    ["cidr", "192.0.2.7", "IPV4", "192.0.2.8", false],
    ["cidr", "192.0.2.0/24", "URL", "http://192.0.2.200:8080/x", true],
    ["cidr", "192.0.2.0/24", "IP_PORT", "192.0.2.200:443", true],
    ["cidr", "10.0.0.0/8", "CIDR", "10.1.0.0/16", true],
    ["cidr", "10.1.0.0/16", "CIDR", "10.0.0.0/8", false],
    ["cidr", "2001:db8::/32", "IPV6", "2001:db8:ffff::1", true],
    ["cidr", "2001:db8::/32", "URL", "http://[2001:db8::1]/", true],
    ["cidr", "0.0.0.0/0", "IPV6", "2001:db8::1", false],
    ["substring", "Microsoft", "DOMAIN", "update.microsoft.com", true],
    ["substring", "Path", "URL", "https://example.com/path", false],
    ["regex", "/^[a-z]+\\.example\\.(com|net)$/i", "DOMAIN", "www.example.net", true],
    ["regex", "^[a-z]+\\.example\\.(com|net)$", "DOMAIN", "w1.example.net", false],
    ["regex", "/PATH/", "URL", "https://example.com/path", false],
    ["regex", "/PATH/i", "URL", "https://example.com/path", true],
  ])("%s %s · %s %s: %s", async (type, text, kind, data, expected) => {
    expect((await hits([entry(type, text)], kind, data)).length > 0).toBe(expected);
  });

  test("unless an exception of its list, of whatever type, holds too, or the list is about other kinds", async () => {
    const entries = [entry("hostname", "example.com"), entry("regex", "/^evil/", true)];
    expect(await hits(entries, "DOMAIN", "good.example.com")).toEqual(["example.com"]);
    expect(await hits(entries, "DOMAIN", "evil.example.com")).toEqual([]);
    expect(await hits(entries, "DOMAIN", "good.example.com", ["URL"])).toEqual([]);
  });
});

test("an entry that cannot be used is refused with the reason", () => {
  const reason = (type: EntryType, text: string) => {
    const read = readEntry(text, type);
    return read.ok ? null : read.reason;
  };
  expect(reason("cidr", "10.0.0.0/33")).toContain("prefix length");
  expect(reason("hostname", "not a name")).toBe("is no host name");
  expect(reason("substring", "ab")).toContain("too short");
  expect(reason("string", "x".repeat(2001))).toContain("2000 bytes");
  expect(reason("regex", "(?=a)b")).toContain("look-around cannot be matched in linear time");
  expect(reason("regex", "(a)\\1")).toContain("back-references");
  expect(reason("regex", "()")).toContain("matches the empty text");
  expect(reason("regex", "x?|b*")).toContain("matches the empty text");
  expect(reason("regex", "(a")).toContain("not closed");
  expect(reason("regex", "(a{500}){500}")).toContain("too large");
  expect(reason("regex", "(((){500}){500}){500}")).toContain("too large");
  expect(reason("regex", `${"(".repeat(60)}a`)).toContain("nested");
  const told = (text: string) => {
    const read = readEntry(text, undefined);
    return read.ok ? read.entry.type : read.reason;
  };
  const texts = ["10.0.0.0/8", "::1", "a.example", "/a+b/", "0123456789abcdef0123456789abcdef!", "https://a.example/"];
  expect(texts.map(told)).toEqual(["cidr", "cidr", "hostname", "regex", "string", "string"]);
});

test("an expression that ends backtracking engines is answered", () => {
  const expression = compileExpression("^(a+)+(a|aa)*$", false);
  expect(expression.test(`${"a".repeat(8000)}b`)).toBe(false);
  expect(expression.test("a".repeat(8000))).toBe(true);
});

const piece = fc.oneof(
  fc.constantFrom("a", "b", "c", ".", "[ab]", "[^a]", "\\d", "\\w", "\\.", "B", "\\b", "[a-c0-9]", "x{2}", "1", "-"),
  fc.constantFrom("^", "$"),
);
const pattern: fc.Arbitrary<string> = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    piece,
    fc.tuple(tie("any"), tie("any")).map(([a, b]) => a + b),
    fc.tuple(tie("any"), tie("any")).map(([a, b]) => `(${a}|${b})`),
    fc.tuple(tie("any"), fc.constantFrom("*", "+", "?", "{1,3}", "{2,}", "*?")).map(([a, times]) => `(?:${a})${times}`),
  ),
})).any;

test("expressions say what JavaScript's own say", () => {
  const text = fc.string({
    unit: fc.constantFrom("a", "b", "c", "A", "B", "x", "1", ".", "-", "_", "é"),
    maxLength: 12,
  });
  fc.assert(
    fc.property(pattern, fc.boolean(), text, (source, ignoreCase, text) => {
      const { test, literal } = compileExpression(source, ignoreCase);
      const expected = new RegExp(source, ignoreCase ? "i" : "").test(text);
      expect(test(text)).toBe(expected);
      // What has to be in every match is.
      if (expected) expect(text.toLowerCase()).toContain(literal);
    }),
    { numRuns: 1500 },
  );
});

const label = fc.constantFrom("a", "b", "ab", "www", "example");
const name = fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => labels.join("."));
const ipv4 = fc
  .tuple(fc.constantFrom(10, 192), fc.constantFrom(0, 1), fc.constantFrom(0, 2), fc.nat(3))
  .map((o) => o.join("."));
const ipv6 = fc.constantFrom("2001:db8::1", "2001:db8::a:1", "fe80::1", "fe80:0:1:2:3:4:5:6", "::");
const canonical = (kind: IndicatorKind, text: string): string => {
  const result = canonicalise(kind, text);
  return result.ok ? result.data : text;
};
const indicator: fc.Arbitrary<[IndicatorKind, string]> = fc.oneof(
  name.map((data): [IndicatorKind, string] => ["DOMAIN", data]),
  ipv4.map((data): [IndicatorKind, string] => ["IPV4", data]),
  ipv6.map((data): [IndicatorKind, string] => ["IPV6", canonical("IPV6", data)]),
  fc
    .tuple(ipv4, fc.integer({ min: 4, max: 32 }))
    .map(([a, n]): [IndicatorKind, string] => ["CIDR", canonical("CIDR", `${a}/${n}`)]),
  fc
    .tuple(
      fc.oneof(
        name,
        ipv4,
        ipv6.map((a) => `[${canonical("IPV6", a)}]`),
      ),
      fc.constantFrom("/", "/A/b", "/a/b?x=ab"),
    )
    .map(([host, path]): [IndicatorKind, string] => ["URL", canonical("URL", `http://${host}${path}`)]),
);
const anyEntry = fc
  .tuple(
    fc.constantFrom(...entryTypes),
    indicator,
    name,
    fc.integer({ min: 0, max: 32 }),
    pattern,
    fc.boolean(),
    fc.integer({ min: 0, max: 6 }),
  )
  .map(([type, [, data], host, bits, source, exception, from]): IgnoreListEntry | null => {
    const text = {
      string: data,
      hostname: host,
      cidr: `${data.split("/")[0]}/${bits}`,
      substring: data.slice(from, from + 5),
      regex: source,
    };
    const read = readEntry(text[type], type, exception && bits < 8);
    return read.ok ? read.entry : null;
  });

test("the compiled matcher says what a naive one says, whatever the lists", async () => {
  const lists = fc.array(
    fc.record({
      indicatorKinds: fc.subarray<IndicatorKind>(["DOMAIN", "URL", "IPV4", "IPV6", "CIDR"]),
      entries: fc.array(anyEntry, { maxLength: 12 }).map((all) => all.filter((each) => each !== null)),
    }),
    { maxLength: 6 },
  );
  await fc.assert(
    fc.asyncProperty(lists, fc.array(indicator, { minLength: 1, maxLength: 12 }), async (lists, indicators) => {
      const match = await compileMatcher(lists);
      for (const [kind, data] of indicators)
        expect(match(kind, data).map(({ list }) => lists.indexOf(list))).toEqual(naiveMatch(lists, kind, data));
    }),
    { numRuns: 400 },
  );
});
