import fc, { type Arbitrary } from "fast-check";

/** The four bytes of an IPv4 address, more often than not of one that is closed. */
const octets: Arbitrary<readonly number[]> = fc.oneof(
  fc.tuple(fc.constantFrom(0, 10, 127, 224, 255), fc.nat(255), fc.nat(255), fc.nat(255)),
  fc.constantFrom(
    [169, 254, 169, 254],
    [168, 63, 129, 16],
    [100, 100, 100, 200],
    [192, 168, 0, 1],
    [172, 16, 0, 1],
    [192, 0, 0, 192],
    [10, 20, 30, 40],
    [93, 184, 216, 34],
  ),
  fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)),
);

const hexOf = (bytes: readonly number[]): string => Buffer.from(bytes).toString("hex");
const pairs = (bytes: readonly number[]): string => hexOf(bytes).replace(/^(....)/, "$1:");
const circled = (text: string): string =>
  text.replaceAll(/[1-9]/g, (digit) => String.fromCodePoint(0x2460 + Number(digit) - 1)).replaceAll("0", "⓪");
const fullwidth = (text: string): string =>
  text.replaceAll(/[0-9a-z]/g, (character) => String.fromCodePoint(character.codePointAt(0)! + 0xfee0));
const percent = (text: string): string =>
  text.replaceAll(/./gs, (c) => `%${(c.codePointAt(0)! & 255).toString(16).padStart(2, "0")}`);

const ipv4Spellings: ((bytes: readonly number[]) => string)[] = [
  (bytes) => bytes.join("."),
  (bytes) => `${bytes.join(".")}.`,
  (bytes) => bytes.map((byte) => `0x${byte.toString(16)}`).join("."),
  (bytes) => bytes.map((byte) => `0${byte.toString(8)}`).join("."),
  (bytes) => bytes.map((byte) => byte.toString().padStart(3, "0")).join("."),
  (bytes) => `0x${hexOf(bytes)}`,
  (bytes) => String(Buffer.from(bytes).readUInt32BE()),
  (bytes) => `${bytes[0]}.${Buffer.from([0, ...bytes.slice(1)]).readUInt32BE()}`,
  (bytes) => `${bytes[0]}.${bytes[1]}.${Buffer.from(bytes.slice(2)).readUInt16BE()}`,
  (bytes) => bytes.join("。"),
  (bytes) => circled(bytes.join(".")),
  (bytes) => fullwidth(bytes.join(".")),
  (bytes) => percent(bytes.join(".")),
  (bytes) => `${bytes.join(".")}%00`,
  (bytes) => `[::ffff:${bytes.join(".")}]`,
  (bytes) => `[::FFFF:${pairs(bytes)}]`,
  (bytes) => `[0:0:0:0:0:ffff:${pairs(bytes)}]`,
  (bytes) => `[::${bytes.join(".")}]`,
  (bytes) => `[64:ff9b::${bytes.join(".")}]`,
  (bytes) => `[64:ff9b:1::${pairs(bytes)}]`,
  (bytes) => `[2002:${pairs(bytes)}::1]`,
  (bytes) => `[2001:0:${pairs(bytes)}::]`,
  (bytes) => `[fe80::${pairs(bytes)}%25eth0]`,
  (bytes) => `[::ffff:0:${bytes.join(".")}]`,
  (bytes) => `4-${hexOf(bytes)}.sub.test`,
  (bytes) => `4-${hexOf(bytes)}.elsewhere.test`,
  (bytes) => `6-${"0".repeat(20)}ffff${hexOf(bytes)}.sub.test`,
];

const ipv6 = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString("hex"));
const ipv6Head = fc.constantFrom(
  "",
  "2001",
  "2606",
  "fc00",
  "fd00",
  "fe80",
  "ff02",
  "0064",
  "2002",
  "3fff",
  "5f00",
  "fec0",
);
const headedIpv6 = fc.tuple(ipv6Head, ipv6).map(([head, hex]) => head + hex.slice(head.length));

const names = fc.constantFrom(
  ..."allowed.test www.sub.test a.b.sub.test sub.test ports.test xn--bcher-kva.test bücher.test BÜCHER.test six.test".split(
    " ",
  ),
  ..."private.sub.test mixed.sub.test flip.sub.test loop6.sub.test empty.sub.test internal.test elsewhere.test".split(
    " ",
  ),
  ..."allowed.test.elsewhere.test notallowed.test allowed.tes evilsub.test sub.test.elsewhere.test *.sub.test".split(
    " ",
  ),
  ..."localhost LOCALHOST localhost.localdomain a.localhost metadata metadata.google.internal instance-data x.local".split(
    " ",
  ),
  ..."ａllowed.test allowed。test al\u00adlowed.test allo\u200dwed.test ﬀ.sub.test ⅽ.sub.test xn--a.sub.test _dmarc.sub.test".split(
    " ",
  ),
  ...[
    "",
    ".",
    "..",
    "allowed..test",
    `${"a".repeat(64)}.sub.test`,
    `${"a.".repeat(130)}sub.test`,
    "[",
    "[::1",
    "::1",
    "[]",
  ],
);

const host: Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: names },
  { weight: 5, arbitrary: fc.tuple(octets, fc.constantFrom(...ipv4Spellings)).map(([bytes, spell]) => spell(bytes)) },
  { weight: 2, arbitrary: headedIpv6.map((hex) => `[${hex.match(/..../g)!.join(":")}]`) },
  { weight: 2, arbitrary: headedIpv6.map((hex) => `6-${hex}.sub.test`) },
  { weight: 1, arbitrary: names.map(percent) },
  { weight: 1, arbitrary: names.map(fullwidth) },
  { weight: 1, arbitrary: names.map((name) => `${name.toUpperCase()}.`) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 20 }) },
);

const scheme = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("http://", "https://") },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ...[
        "HTTP://",
        "hTtPs://",
        "http:",
        "https:/",
        "http:\\\\",
        "https:/\\",
        "http:////",
        "//",
        "\\\\",
        "",
        " http://",
      ],
      ...[
        "ftp://",
        "file://",
        "ws://",
        "wss://",
        "gopher://",
        "blob:http://",
        "data:text/html,",
        "javascript:",
        "http+unix://",
      ],
    ),
  },
);
const user = fc.oneof(
  { weight: 6, arbitrary: fc.constant("") },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "u@",
      "u:p@",
      "allowed.test@",
      "allowed.test:80@",
      "allowed.test%40",
      "allowed.test\\@",
      "@",
      ":@",
      "@@",
    ),
  },
);
const port = fc.oneof(
  { weight: 5, arbitrary: fc.constant("") },
  { weight: 3, arbitrary: fc.constantFrom(":80", ":443", ":8443", ":9200", ":8080") },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ":0",
      ":65536",
      ":080",
      ": 80",
      ":٨٠",
      ":-1",
      ":",
      ":80:80",
      ":80@allowed.test",
      ":8443.",
    ),
  },
);
const tail = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("", "/", "/a/b?c=d#e") },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "#@allowed.test",
      "?@allowed.test",
      "\\@allowed.test",
      "/..//%2e%2e",
      "/%0d%0aHost:%20x",
      "\t",
      "/\u0000",
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 30 }).map((text) => `/${text}`) },
);

const inserted = [..."\t\n\r\0 \u00ad\u200b\u2028%@\\#?:/[]。.\ud800"];

/** Mostly well written, so that the name and its addresses decide. */
const plausible = fc
  .tuple(
    fc.constantFrom("http://", "https://"),
    fc.oneof(
      names,
      octets.map((bytes) => `4-${hexOf(bytes)}.sub.test`),
      headedIpv6.map((hex) => `6-${hex}.sub.test`),
      octets.map((bytes) => bytes.join(".")),
    ),
    fc.constantFrom("", "", "", ":80", ":443", ":8080", ":8443", ":9200"),
    fc.constantFrom("", "/a/b?c=d"),
  )
  .map((parts) => parts.join(""));

/** A URL, or something that a parser could take for one. */
export const urlText: Arbitrary<string> = fc
  .tuple(
    fc.oneof(
      plausible,
      fc.tuple(scheme, user, host, port, tail).map((parts) => parts.join("")),
    ),
    fc.option(fc.tuple(fc.nat(60), fc.nat(2), fc.constantFrom(...inserted)), { freq: 4 }),
  )
  .map(([text, change]) => {
    if (change === null) return text;
    const [at, removed, added] = change;
    return text.slice(0, at) + added + text.slice(at + removed);
  });
