import { expect, test } from "vitest";
import { extract, type IndicatorKind } from "../index.ts";

/** What is found in a text, as "KIND data confidence". */
function found(text: string, options?: Parameters<typeof extract>[1]): string[] {
  return extract(text, options).indicators.map(({ kind, data, confidence }) => `${kind} ${data} ${confidence}`);
}
function dropped(text: string): string[] {
  return extract(text).dropped.map(({ raw, reason }) => `${raw}: ${reason}`);
}

test.each<[string, string, string[]]>([
  [
    "a sentence",
    "Seen at http://evil.com/a?b=1, then evil.org.",
    ["URL http://evil.com/a?b=1 high", "DOMAIN evil.org high"],
  ],
  [
    "brackets",
    "(see http://good.org/wiki/Foo_(bar)) [1.1.1.1]",
    ["URL http://good.org/wiki/Foo_(bar) high", "IPV4 1.1.1.1 high"],
  ],
  [
    "Markdown",
    "[here](http://a.com/b) **bad.org** _evil.org_ `8.8.8.8`",
    ["URL http://a.com/b high", "DOMAIN bad.org high", "DOMAIN evil.org high", "IPV4 8.8.8.8 high"],
  ],
  [
    "HTML",
    '<a href="http://h.com/?a=1&amp;b=2">x</a><b>h.org</b>',
    ["URL http://h.com/?a=1&b=2 high", "DOMAIN h.org high"],
  ],
  [
    "JSON",
    String.raw`{"u":"http:\/\/j.com\/x","t":"one\nhttp://k.com/y\n"}`,
    ["URL http://j.com/x high", "URL http://k.com/y high"],
  ],
  [
    "CSV",
    "ftp://1.1.1.1/x,http://b.com/y;evil.net,8.8.8.8",
    ["URL ftp://1.1.1.1/x high", "URL http://b.com/y high", "DOMAIN evil.net high", "IPV4 8.8.8.8 high"],
  ],
  [
    "a log",
    "2024-01-01T12:34:56.789Z src=192.0.2.7:51234 dst=[2001:4860::8888]:443 mac=00-50-56-C0-00-08",
    ["IP_PORT 192.0.2.7:51234 medium", "IP_PORT [2001:4860::8888]:443 high", "MAC 00:50:56:c0:00:08 high"],
  ],
  ["no spaces between scripts", "访问evil.cn下载 ｅｖｉｌ．ｃｏｍ", ["DOMAIN evil.cn high", "DOMAIN evil.com high"]],
  [
    "marks of many kinds",
    "hxxps[:]//a[.]com h**p://b(.)com fxp://c{.}com d[dot]com e dot com f[at]g[.]net h\\.com",
    [
      "URL https://a.com/ high",
      "URL http://b.com/ high",
      "URL ftp://c.com/ high",
      "DOMAIN d.com high",
      "DOMAIN e.com high",
      "EMAIL f@g.net high",
      "DOMAIN h.com high",
    ],
  ],
  [
    "mail",
    'From: "Doe" <j.doe+x@evil.com>, to=k@evil.net mailto:l@evil.org',
    ["EMAIL j.doe+x@evil.com high", "EMAIL k@evil.net high", "EMAIL l@evil.org high"],
  ],
  [
    "without a scheme",
    "www.foo.com/path evil.net:8080 8.8.8.8/path 8.8.8.0/24 9.9.9.9:53",
    [
      "URL http://www.foo.com/path medium",
      "URL http://evil.net:8080/ medium",
      "URL http://8.8.8.8/path medium",
      "CIDR 8.8.8.0/24 high",
      "IP_PORT 9.9.9.9:53 high",
    ],
  ],
  ["ranges", "10.0.0.1-10.0.0.20", ["IPV4 10.0.0.1 medium", "IPV4 10.0.0.20 medium"]],
  [
    "hashes in names and behind labels",
    "x_44d88612fea8a8f36de82e1278abb02f.exe imphash: f34d5f2d4577ed6d9ceec516c1f5a744",
    ["MD5 44d88612fea8a8f36de82e1278abb02f medium", "IMPHASH f34d5f2d4577ed6d9ceec516c1f5a744 high"],
  ],
  [
    "keys with spaces",
    String.raw`set HKLM\Software\Windows NT\Run and C:\x`,
    [String.raw`REGISTRY_KEY HKEY_LOCAL_MACHINE\Software\Windows NT\Run high`],
  ],
  ["telephone numbers", "call +1 (415) 555-0132, not 415 555 0132, at 10:00+02:00", ["PHONE +14155550132 medium"]],
  [
    "doubtful ones",
    "run.sh a::b version 8.1.2.3 fe80::1",
    ["DOMAIN run.sh low", "IPV6 a::b low", "IPV4 8.1.2.3 low", "IPV6 fe80::1 medium"],
  ],
])("finds what stands in %s", (_, text, expected) => {
  expect(found(text)).toEqual(expected);
});

test("says what it dropped, and why", () => {
  const text =
    "report.pdf setup.exe v2.3.4.5 999.1.1.1 1.3.6.1.4.1 foo.bar() com.example.app sentence.It ASP.NET node.notatld " +
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb 0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed CVE-2021-12 C:\\tools\\evil.com";
  expect(dropped(text)).toEqual([
    "report.pdf: it is the name of a file: .pdf is not a top-level domain",
    "setup.exe: it is the name of a file: .exe is not a top-level domain",
    "v2.3.4.5: it begins with a v: a version number",
    "999.1.1.1: it is not a valid IPv4 address: 999 is larger than 255",
    "1.3.6.1.4.1: it has 6 numbers where an address has four: a version or an object identifier",
    "foo.bar: a bracket follows: it is the name of a function",
    "com.example.app: it is the name of a package",
    "sentence.It: it is two sentences without a space between",
    "ASP.NET: it is the name of a product",
    "node.notatld: .notatld is not a top-level domain",
    "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed: it is not a valid address: its capitals, which are a checksum, are wrong",
    "CVE-2021-12: it is not a valid CVE identifier: its number has 2 digits, the least is four",
    "evil.com: it is part of a path",
  ]);
});

test("finds nothing in times, identifiers, names and program text", () => {
  for (const text of [
    "12:34:56",
    "f47ac10b-58cc-4372-a567-0e02b2c3d479",
    "std::vector<int>",
    "e.g. i.e. 3.14 1.2.3",
    "the dot product",
    "a@b",
    "::",
    "[.][.]",
  ])
    expect(extract(text).indicators, text).toEqual([]);
});

test("offsets count UTF-16 code units of the text as it was given, defanged or not", () => {
  const text = "😀\u200b see evil[.]com and 8.8.8[.]8!";
  for (const { raw, offset, length } of extract(text).indicators) {
    expect(text.slice(offset, offset + length)).toBe(raw);
  }
  expect(extract(text).indicators.map(({ raw, offset }) => [raw, offset])).toEqual([
    ["evil[.]com", 8],
    ["8.8.8[.]8", 23],
  ]);
});

test("repeats, kinds, hosts of URLs and the number of results are as asked for", () => {
  const text = "evil.com http://evil.com/a evil[.]com 44d88612fea8a8f36de82e1278abb02f run.sh run[.]sh";
  expect(found(text, { kinds: ["DOMAIN"] })).toEqual(["DOMAIN evil.com high", "DOMAIN run.sh high"]);
  expect(found(text, { kinds: ["DOMAIN"], dedupe: false })).toHaveLength(4);
  expect(found(text, { kinds: ["JA3"] })).toEqual(["JA3 44d88612fea8a8f36de82e1278abb02f high"]);
  expect(found("http://u@8.8.8.8:80/x", { insideUrls: true })).toEqual([
    "URL http://u@8.8.8.8/x high",
    "IPV4 8.8.8.8 high",
  ]);
  const many = Array.from({ length: 30 }, (_, i) => `a${i}.com b${i}.pdf`).join(" ");
  const { indicators, dropped: left, leftOut } = extract(many, { indicatorsMax: 10, droppedMax: 20 });
  expect([indicators.length, left.length, leftOut]).toEqual([10, 20, { indicators: 20, dropped: 10 }]);
});

test("every kind's example is found in a text", () => {
  const kinds: [IndicatorKind, string][] = [
    ["JARM", "27d40d40d29d40d1dc42d43d00041d4689ee210389f4f6b4b5b1b93f92252d"],
    ["TLSH", "T1B37110D2A5D2313F25F1D2A7D6B1D0D5C0A3F0E1B2C3D4E5F60718293A4B5C6D7E8F90"],
    ["JA4", "t13d1516h2_8daaf6152771_b186095e22b6"],
    ["SSDEEP", "3:AXGBicFlgVNhBGcL6wCrFQEv:AXGHsNhxLsr2C"],
    ["ONION", "duckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twagswzczad.onion"],
  ];
  expect(found(kinds.map(([, data]) => data).join("\n"))).toEqual(kinds.map(([kind, data]) => `${kind} ${data} high`));
});
