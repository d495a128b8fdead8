import * as fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalise, defang, extract, type IndicatorKind } from "../index.ts";
import { extractCounted } from "./extract.ts";

const hex = (length: number) =>
  fc
    .string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: length - 2, maxLength: length - 2 })
    .map((text) => `a1${text}`);
const name = fc
  .string({ unit: fc.constantFrom(..."abcxyz0189"), minLength: 2, maxLength: 12 })
  .map((text) => `q${text}`);
const domain = fc
  .tuple(fc.array(name, { minLength: 1, maxLength: 3 }), fc.constantFrom("com", "net", "co.uk", "ru", "info"))
  .map(([labels, suffix]) => [...labels, suffix].join("."));
const ipv4 = fc
  .tuple(fc.integer({ min: 11, max: 99 }), fc.nat(255), fc.nat(255), fc.nat(255))
  .map((parts) => parts.join("."));
const path = fc.string({ unit: fc.constantFrom(..."abc019-_~/?=&%#+"), maxLength: 20 }).map((text) => `/${text}z`);

const texts: Partial<Record<IndicatorKind, fc.Arbitrary<string>>> = {
  DOMAIN: domain,
  URL: fc
    .tuple(fc.constantFrom("http", "https", "ftp"), fc.oneof(domain, ipv4), fc.constantFrom("", ":8080"), path)
    .map(([scheme, host, port, rest]) => `${scheme}://${host}${port}${rest}`),
  EMAIL: fc.tuple(name, fc.constantFrom("", ".b", "+tag"), domain).map(([box, more, host]) => `${box}${more}@${host}`),
  IPV4: ipv4,
  IPV6: fc.ipV6().filter((text) => /[0-9]/.test(text) && text.length > 4),
  CIDR: fc.tuple(ipv4, fc.integer({ min: 8, max: 32 })).map(([address, bits]) => `${address}/${bits}`),
  IP_PORT: fc.tuple(ipv4, fc.integer({ min: 1, max: 65535 })).map(([address, port]) => `${address}:${port}`),
  ASN: fc.nat().map((number) => `AS${number}`),
  MAC: hex(12),
  MD5: hex(32),
  SHA1: hex(40),
  SHA256: hex(64),
  SHA512: hex(128),
  JARM: hex(62),
  TLSH: hex(70),
  ETH: hex(40).map((digits) => `0x${digits}`),
  CVE: fc
    .tuple(fc.integer({ min: 1999, max: 2030 }), fc.integer({ min: 1000 }))
    .map(([year, id]) => `CVE-${year}-${id}`),
  PHONE: fc.integer({ min: 1_000_000 }).map((number) => `+49${number}`),
  REGISTRY_KEY: fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => `HKLM\\${names.join("\\")}`),
};

const written = fc.constantFrom(...(Object.keys(texts) as IndicatorKind[])).chain((kind) =>
  texts[kind]!.map((text) => ({ kind, result: canonicalise(kind, text) }))
    .filter(({ result }) => result.ok)
    .map(({ kind: of, result }) => ({ kind: of, data: result.ok ? result.data : "" })),
);
const separators: readonly (readonly [string, string])[] = [
  [" ", " "],
  ["\n", "\n"],
  ["\t", "\t"],
  ['"', '"'],
  ["'", "'"],
  ["<", ">"],
  ["(", ")"],
  ["`", "`"],
  ["see: ", ", and"],
  ["<td>", "</td>"],
  ['{"a":"', '"}'],
  ["“", "”"],
];

test("a canonical indicator between separators is found with its kind and its place, plain and defanged", () => {
  fc.assert(
    fc.property(
      written,
      fc.constantFrom(...separators),
      fc.boolean(),
      ({ kind, data }, [before, after], isDefanged) => {
        const raw = isDefanged ? defang(kind, data) : data;
        const { indicators } = extract(`x ${before}${raw}${after} y`);
        expect(indicators).toMatchObject([{ kind, data, raw, offset: 2 + before.length, length: raw.length }]);
      },
    ),
    { numRuns: 1000 },
  );
});

const pieces = [
  ..."[](){}<>.:/\\@\"'`,;-_+%*&#=?|é中😀\u200b\ud800 \n",
  ..."a 1 f 0 0x bc1 AS T1 v HKLM\\ CVE- http:// hxxps[:]// [.] [dot] [at] [://] mailto: +49 evil.com 1.2.3.4 2001:db8::1 a@b.com 3: .pdf".split(
    " ",
  ),
  " dot ",
  " at ",
  "44d88612fea8a8f36de82e1278abb02f",
  "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
  "https://urldefense.com/v3/__http://a.com/**A__;QQ!!x$",
  "https://www.google.com/url?q=",
];

test("nothing makes it throw, and what it gives stands in the text, is canonical and does not overlap", () => {
  const text = fc.oneof(
    fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((parts) => parts.join("")),
    fc.string({ unit: "binary", maxLength: 60 }),
  );
  fc.assert(
    fc.property(text, (given) => {
      const { indicators, dropped } = extract(given, { dedupe: false });
      let end = 0;
      for (const { kind, data, raw, offset, length } of indicators) {
        expect(given.slice(offset, offset + length)).toBe(raw);
        expect(canonicalise(kind, data)).toEqual({ ok: true, data });
        expect(offset).toBeGreaterThanOrEqual(end);
        end = offset + length;
      }
      for (const { raw, offset, reason } of dropped) {
        expect(given.startsWith(raw, offset)).toBe(true);
        expect(reason).toMatch(/^\S.+[^.]$/);
      }
    }),
    { numRuns: 1000 },
  );
});

/** Each stretches another look ahead or back to its bound. */
const hostile = [
  ...pieces,
  "a.",
  "1.",
  "1.2.3.4/",
  "1.2.3.4:80/",
  "a.com/",
  "a.com:1/",
  "http://a)",
  "http://a.com)",
  "http://a.b/) ",
  "http://(",
  "://",
  ",http:",
  "0:",
  "::",
  "3:abc:",
  "a@",
  "a-",
  "HKLM\\a a a \\",
  "+1 ",
  "a dot ",
  " at b dot ",
  `http://a.com/${"x".repeat(8200)} `,
  `${"a".repeat(330)}.`,
];

test("the work grows no faster than the text, whatever the text", () => {
  for (const unit of hostile) {
    const workOf = (length: number): number => extractCounted(unit.repeat(Math.ceil(length / unit.length))).work;
    expect(workOf(40_000), JSON.stringify(unit)).toBeLessThan(4.5 * workOf(10_000) + 40_000);
    expect(workOf(40_000) / 40_000, JSON.stringify(unit)).toBeLessThan(60);
  }
});
