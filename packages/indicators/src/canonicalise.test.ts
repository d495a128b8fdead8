import { expect, test } from "vitest";
import { canonicalise, indicatorKinds, isIndicatorKind, type IndicatorKind } from "./index.ts";

const onion = "duckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twagswzczad.onion";
const md5 = "44D88612FEA8A8F36DE82E1278ABB02F";
const tlsh = "B37110D2A5D2313F25F1D2A7D6B1D0D5C0A3F0E1B2C3D4E5F60718293A4B5C6D7E8F90";

const accepted: [IndicatorKind, string, string][] = [
  ["IPV4", " 8.8.8.8\n", "8.8.8.8"],
  ["IPV4", "8.8.8[.]8", "8.8.8.8"],
  ["IPV6", "2001:DB8:0:0:0:0:0:1", "2001:db8::1"],
  ["IPV6", "[::FFFF:192.0.2.1]", "::ffff:c000:201"],
  ["IPV6", "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
  ["CIDR", "10.1.2.3/8", "10.0.0.0/8"],
  ["CIDR", "10.1.2.3/255.255.255.0", "10.1.2.0/24"],
  ["CIDR", "2001:db8:ffff::/33", "2001:db8:8000::/33"],
  ["CIDR", "192.0.2.1", "192.0.2.1/32"],
  ["ASN", "asn 015169", "AS15169"],
  ["ASN", "15169", "AS15169"],
  ["ASN", "AS1.10", "AS65546"],
  ["IP_PORT", "[2001:DB8::1]:0443", "[2001:db8::1]:443"],
  ["MAC", "0050.56C0.0008", "00:50:56:c0:00:08"],
  ["MAC", "00-50-56-C0-00-08", "00:50:56:c0:00:08"],
  ["DOMAIN", "WWW.Example.COM.", "www.example.com"],
  ["DOMAIN", "bücher.de", "xn--bcher-kva.de"],
  ["DOMAIN", "аррӏе.com", "xn--80ak6aa92e.com"],
  ["DOMAIN", "evil。com", "evil.com"],
  ["DOMAIN", "_dmarc.example.com", "_dmarc.example.com"],
  ["DOMAIN", "printer.office", "printer.office"],
  ["URL", "HTTPS://User:Pa%73s@EXAMPLE.com:443/A/../b%2f?Q=%41#F", "https://User:Pa%73s@example.com/A/../b%2f?Q=%41#F"],
  ["URL", "http://example.com:8080", "http://example.com:8080/"],
  ["URL", "http://bücher.de?x", "http://xn--bcher-kva.de/?x"],
  ["URL", "example.com/a", "http://example.com/a"],
  ["URL", "hxxps[:]//evil[.]com/index[.]php", "https://evil.com/index.php"],
  ["URL", "http://evil.com/a[.]b", "http://evil.com/a[.]b"],
  ["URL", "http:\\/\\/evil.com\\/x", "http://evil.com\\/x"],
  ["URL", "http://0x7F.1/", "http://0x7f.1/"],
  ["URL", "http://[2001:DB8::1]:80/", "http://[2001:db8::1]/"],
  ["ONION", onion.toUpperCase(), onion],
  ["ONION", `www.${onion}`, `www.${onion}`],
  ["EMAIL", "John.Doe@EXAMPLE.com", "John.Doe@example.com"],
  ["EMAIL", "mailto:x(at)evil[dot]com", "x@evil.com"],
  ["EMAIL", '"Doe, John" <john@example.com>', "john@example.com"],
  ["EMAIL", "a{.}b@example.com", "a{.}b@example.com"],
  ["PHONE", "+1 (415) 555-0132", "+14155550132"],
  ["PHONE", "tel:004930123456", "+4930123456"],
  ["MD5", md5, md5.toLowerCase()],
  ["TLSH", tlsh.toLowerCase(), `T1${tlsh}`],
  ["SSDEEP", '3:AXGBicFlgVNhBGcL6wCrFQEv:AXGHsNhxLsr2C,"eicar.com"', "3:AXGBicFlgVNhBGcL6wCrFQEv:AXGHsNhxLsr2C"],
  ["CVE", "cve–2021–44228", "CVE-2021-44228"],
  ["BTC", "BC1QAR0SRRR7XFKVY5L643LYDNW9RE59GTZZWF5MDQ", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"],
  [
    "BTC",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
  ],
  ["BTC", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"],
  ["ETH", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"],
  ["REGISTRY_KEY", "hklm:\\Software\\\\Run\\", "HKEY_LOCAL_MACHINE\\Software\\Run"],
];

test.each(accepted)("%s %j is %j", (kind, text, data) => {
  expect(canonicalise(kind, text)).toEqual({ ok: true, data });
});

const refused: [IndicatorKind, string, RegExp][] = [
  ["IPV4", "8.8.8", /3 of 4 numbers/],
  ["IPV4", "8.8.8.256", /256 is larger than 255/],
  ["IPV4", "010.8.8.8", /octal/],
  ["IPV6", "fe80::1%eth0", /zone/],
  ["IPV6", "1::2::3", /groups/],
  ["CIDR", "10.0.0.0/33", /prefix length from 0 to 32/],
  ["CIDR", "10.0.0.0/255.0.255.0", /prefix length/],
  ["ASN", "AS4294967296", /larger than 4294967295/],
  ["IP_PORT", "8.8.8.8:65536", /port from 1 to 65535/],
  ["IP_PORT", "::1:80", /square brackets/],
  ["DOMAIN", "exa mple.com", /cannot be part/],
  ["DOMAIN", "-a.com", /“-a” is not a valid label/],
  ["DOMAIN", "1.2.3.4", /top-level domain/],
  ["DOMAIN", `${"a".repeat(64)}.com`, /longer than 63/],
  ["DOMAIN", onion, /onion service/],
  ["URL", "javascript:alert(1)", /scheme|port/],
  ["URL", "http:///path", /no host/],
  ["URL", "http://a b.com/", /space/],
  ["URL", "http://example.com:99999/", /port/],
  ["ONION", onion.replace("d", "e"), /checksum/],
  ["EMAIL", "a..b@example.com", /dots/],
  ["EMAIL", "a@localhost", /its domain is wrong/],
  ["PHONE", "415 555 0132", /country code/],
  ["MD5", "44d88612", /8 of 32 digits/],
  ["SHA1", `${"0".repeat(39)}g`, /“g” is not a hexadecimal digit/],
  ["SSDEEP", "5:AAAA:BBBB", /block size/],
  ["CVE", "CVE-2021-123", /3 digits/],
  ["BTC", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", /checksum/],
  ["BTC", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdr", /checksum/],
  ["ETH", "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", /capitals/],
  ["REGISTRY_KEY", "HKLM", /nothing follows/],
  ["MD5", "   ", /nothing was given/],
  ["URL", `http://example.com/${"a".repeat(8192)}`, /8211 characters, the most is 8192/],
];

test.each(refused)("%s %j is refused, with what is wrong and what is expected", (kind, text, reason) => {
  const result = canonicalise(kind, text);
  expect(result).toMatchObject({ ok: false, reason: expect.stringMatching(reason) });
  expect(result).toMatchObject({ reason: expect.stringMatching(/^Not a valid .+: .+ Expected .+, for example /) });
});

test("the example of every kind is in canonical form", () => {
  for (const { kind, example } of indicatorKinds)
    expect(canonicalise(kind, example), kind).toEqual({ ok: true, data: example });
});

test("a kind's name is taken to the letter", () => {
  expect(isIndicatorKind("IPV4")).toBe(true);
  expect(["ipv4", "", "constructor", 4, null].filter(isIndicatorKind)).toEqual([]);
});
