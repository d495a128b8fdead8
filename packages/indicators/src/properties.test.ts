import * as fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalise, defang, detect, type IndicatorKind, indicatorKinds, refang } from "./index.ts";

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789abcdefABCDEF"), minLength: length, maxLength: length });
const label = fc.string({ unit: fc.constantFrom(..."abcXYZ019-_éпß"), minLength: 1, maxLength: 12 });
const domain = fc
  .tuple(fc.array(label, { minLength: 1, maxLength: 3 }), fc.constantFrom("com", "co.uk", "onion", "zz"))
  .map(([labels, tld]) => [...labels, tld].join("."));
// Everything that refang looks for, beside anything at all.
const marks = fc.constantFrom(
  "[.]",
  "[",
  "]",
  ".",
  "(.)",
  "{.}",
  "[dot]",
  "(at)",
  "[@]",
  "@",
  "hxxp",
  "://",
  "[:]",
  "\\.",
  "/",
  "{at}",
  "#",
  "?",
);
const rest = fc
  .array(fc.oneof(marks, fc.string({ unit: "grapheme", maxLength: 4 })), { maxLength: 8 })
  .map((parts) => parts.join(""));
const ip = fc.oneof(fc.ipV4(), fc.ipV6());
const host = fc.oneof(
  domain,
  fc.ipV4(),
  fc.ipV6().map((address) => `[${address}]`),
  fc.constantFrom("localhost", "0x7f.1"),
);
const mailbox = fc
  .array(fc.oneof(marks, fc.constantFrom("a", "B", "ü", "-")), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join(""));

const textsOf: Partial<Record<IndicatorKind, fc.Arbitrary<string>>> = {
  IPV4: fc.ipV4(),
  IPV6: fc.ipV6(),
  CIDR: fc.tuple(ip, fc.nat(128)).map(([address, bits]) => `${address}/${bits}`),
  IP_PORT: fc
    .tuple(ip, fc.nat(65535))
    .map(([address, port]) => (address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`)),
  ASN: fc.nat().map((number) => `AS${number}`),
  DOMAIN: domain,
  EMAIL: fc.tuple(mailbox, domain).map(([box, name]) => `${box}@${name}`),
  URL: fc
    .tuple(
      fc.constantFrom("http", "HTTPS", "ftp", "ldap", "tcp"),
      fc.oneof(
        fc.constant(""),
        mailbox.map((user) => `${user}@`),
      ),
      host,
      fc.constantFrom("", ":80", ":8080"),
      rest,
    )
    .map(
      ([scheme, user, name, port, tail]) =>
        `${scheme}://${user}${name}${port}${tail.startsWith("/") ? "" : "/"}${tail}`,
    ),
  TLSH: hex(70),
  ETH: hex(40).map((digits) => `0x${digits.toLowerCase()}`),
  REGISTRY_KEY: rest.map((tail) => `HKLM\\a${tail}`),
  MAC: hex(12),
};

const canonical = fc.constantFrom(...indicatorKinds).chain(({ kind, example }) =>
  fc
    .oneof(textsOf[kind] ?? fc.constant(example), fc.constant(example))
    .map((text) => ({ kind, result: canonicalise(kind, text) }))
    .filter(({ result }) => result.ok)
    .map(({ kind, result }) => ({ kind, data: result.ok ? result.data : "" })),
);

test("canonical data is canonical, and defanging is undone exactly", () => {
  fc.assert(
    fc.property(canonical, ({ kind, data }) => {
      expect(canonicalise(kind, data)).toEqual({ ok: true, data });
      const defanged = defang(kind, data);
      expect(refang(defanged)).toBe(data);
      expect(canonicalise(kind, defanged)).toEqual({ ok: true, data });
      if (kind === "URL" || kind === "DOMAIN" || kind === "EMAIL")
        expect(defanged).not.toMatch(/https?:\/\/|[a-z]\.[a-z]/);
    }),
    { numRuns: 2000 },
  );
});

test("what is detected is valid, and nothing makes detection throw", () => {
  const pieces = fc.oneof(marks, domain, ip, hex(32), rest, fc.string({ unit: "binary", maxLength: 20 }));
  const text = fc.oneof(
    fc.array(pieces, { maxLength: 5 }).map((parts) => parts.join("")),
    fc.string({ unit: "binary" }),
  );
  fc.assert(
    fc.property(text, (pasted) => {
      const found = detect(pasted);
      if (found === null) return;
      expect(canonicalise(found.kind, found.data)).toEqual({ ok: true, data: found.data });
      for (const other of found.alternatives) expect(canonicalise(other, pasted).ok, other).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test("the longest hostile texts end", () => {
  for (const unit of [
    " ",
    ".",
    "a.",
    "[.]",
    "@",
    "://",
    "<",
    "1",
    "1.",
    ":",
    "a@",
    "\\.",
    "hxxp://",
    "(at)",
    "é.",
    "\u200b",
  ]) {
    for (const tail of ["", "!", "\n"]) expect(() => detect(unit.repeat(8000 / unit.length) + tail)).not.toThrow();
  }
});
