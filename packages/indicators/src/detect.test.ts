import { expect, test } from "vitest";
import { detect, type IndicatorKind, indicatorKinds } from "./index.ts";

const pasted: [string, IndicatorKind, string, boolean][] = [
  ["hxxps://evil[.]com", "URL", "https://evil.com/", true],
  ["hXXp[://]evil[.]com/a[.]exe", "URL", "http://evil.com/a.exe", true],
  ["h**p://evil(.)com/", "URL", "http://evil.com/", true],
  ["fxp://1.2.3[.]4/x", "URL", "ftp://1.2.3.4/x", true],
  ["evil[dot]com", "DOMAIN", "evil.com", true],
  ["evil\\.com", "DOMAIN", "evil.com", true],
  ["  \u200bEvil.COM.\u200b ", "DOMAIN", "evil.com", false],
  ["`8.8.8.8`,", "IPV4", "8.8.8.8", false],
  ["“evil.com”", "DOMAIN", "evil.com", false],
  ["8.8.8.8:53", "IP_PORT", "8.8.8.8:53", false],
  ["8.8.8.8/24", "CIDR", "8.8.8.0/24", false],
  ["8.8.8.8/path", "URL", "http://8.8.8.8/path", false],
  ["evil.com:8443", "URL", "http://evil.com:8443/", false],
  ["www.evil.com/?for=victim@example.com", "URL", "http://www.evil.com/?for=victim@example.com", false],
  ["http://host/x@example.com", "URL", "http://host/x@example.com", false],
  ["2001[:]db8[:][:]1", "IPV6", "2001:db8::1", true],
  ["Phisher <a.b[@]evil[.]com>", "EMAIL", "a.b@evil.com", true],
  ["as15169", "ASN", "AS15169", false],
  ["xn--e1awd7f.com", "DOMAIN", "xn--e1awd7f.com", false],
  ["files.corp.internal", "DOMAIN", "files.corp.internal", false],
  ["00:50:56:C0:00:08", "MAC", "00:50:56:c0:00:08", false],
  ["+49 30 123456", "PHONE", "+4930123456", false],
  ["HKCU\\Software\\x", "REGISTRY_KEY", "HKEY_CURRENT_USER\\Software\\x", false],
];

test.each(pasted)("%j is taken for %s", (text, kind, data, refanged) => {
  expect(detect(text)).toMatchObject({ kind, data, refanged });
});

test("the example of every kind is detected, but for the kinds that look like an MD5", () => {
  for (const { kind, example } of indicatorKinds) {
    const found = detect(example);
    expect(found?.data, kind).toBe(example);
    if (kind === "JA3" || kind === "IMPHASH")
      expect(found).toMatchObject({ kind: "MD5", alternatives: ["JA3", "IMPHASH"] });
    else expect(found?.kind).toBe(kind);
  }
});

test("what else a text could be is offered", () => {
  expect(detect("8.8.8.8")?.alternatives).toEqual(["CIDR", "URL"]);
  expect(detect("evil.com")?.alternatives).toEqual(["URL"]);
  expect(detect("https://evil.com/")?.alternatives).toEqual([]);
});

test.each([
  "",
  "   ",
  "hello",
  "hello world",
  "setup.exe",
  "1.2.3",
  "v1.2.3",
  "15169",
  "12:30:45",
  "user@host",
  "999.1.1.1",
  "..",
  "[.]",
  "a".repeat(9000),
])("%j is no indicator", (text) => {
  expect(detect(text)).toBeNull();
});
