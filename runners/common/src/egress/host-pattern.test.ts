import { describe, expect, test } from "vitest";
import { isAllowedDnsName, isAllowedEndpoint, parseHostPattern, type HttpEndpoint } from "./host-pattern.ts";
import { hostOfUrl } from "./host-and-port.ts";

function endpoint(text: string): HttpEndpoint {
  const url = new URL(text);
  const protocol = url.protocol === "https:" ? "https:" : "http:";
  const port = url.port === "" ? (protocol === "https:" ? 443 : 80) : Number(url.port);
  return { protocol, host: hostOfUrl(url) ?? "", port };
}

describe("an entry of hosts permits", () => {
  test.each<[string[], string, "named" | "any" | undefined]>([
    [["example.com"], "https://example.com/", "named"],
    [["example.com"], "http://example.com/", "named"],
    [["example.com"], "https://EXAMPLE.com./", "named"],
    [["Example.COM."], "https://example.com/", "named"],
    [["bücher.example"], "https://xn--bcher-kva.example/", "named"],
    [["xn--bcher-kva.example"], "https://BÜCHER.example/", "named"],
    [["example.com"], "https://example.com:80/", undefined],
    [["example.com"], "http://example.com:443/", undefined],
    [["example.com"], "https://example.com:8443/", undefined],
    [["example.com"], "https://a.example.com/", undefined],
    [["example.com"], "https://example.com.evil.test/", undefined],
    [["example.com"], "https://notexample.com/", undefined],
    [["example.com"], "https://exаmple.com/", undefined], // a Cyrillic letter
    [["example.com:8443"], "https://example.com:8443/", "named"],
    [["example.com:8443"], "https://example.com/", undefined],
    [["*.example.com"], "https://a.b.example.com/", "named"],
    [["*.example.com"], "https://example.com/", undefined],
    [["*.example.com"], "https://aexample.com/", undefined],
    [["*.example.com"], "https://a.example.com:8443/", undefined],
    [["*"], "https://anything.test/", "any"],
    [["*"], "https://anything.test:8443/", undefined],
    [["*", "example.com"], "https://example.com/", "named"],
    [["192.0.2.1"], "http://0xc0.0.513/", "named"],
    [["[2001:db8::1]:8080"], "http://[2001:DB8:0::1]:8080/", "named"],
    [["2001:db8::1"], "https://[2001:db8::1]/", "named"],
    [["dns:example.com", "dns:*"], "https://example.com/", undefined],
    [[], "https://example.com/", undefined],
  ])("%j lets %s through: %s", (hosts, url, allowed) => {
    expect(isAllowedEndpoint(hosts.map(parseHostPattern), endpoint(url))).toBe(allowed);
  });

  test.each<[string[], string, boolean]>([
    [["dns:example.com"], "example.com", true],
    [["dns:example.com"], "a.example.com", false],
    [["DNS:*.Example.com"], "a.example.com", true],
    [["dns:*.example.com"], "example.com", false],
    [["dns:_dmarc.example.com"], "_dmarc.example.com", true],
    [["dns:*"], "anything.test", true],
    [["example.com", "*.example.com", "*"], "example.com", false],
  ])("%j permits a DNS lookup of %s: %s", (hosts, name, allowed) => {
    expect(isAllowedDnsName(hosts.map(parseHostPattern), name)).toBe(allowed);
  });
});

test.each([
  ["", /empty/],
  ["https://example.com/path", /is a URL\. Write only its host: "example\.com"/],
  ["example.com/path", /Leave out the scheme, user name, path/],
  ["user@example.com", /Leave out/],
  ["example.com:https", /port must be a number/],
  ["example.com:0", /port must be a number/],
  ["example.com:65536", /port must be a number/],
  ["exam ple.com", /not a valid host name/],
  ["example..com", /not a valid host name/],
  ["a.*.com", /a star stands alone or as the whole first label/],
  ["*example.com", /a star stands alone/],
  ["*.", /a host name must follow the star/],
  ["*.*.com", /a host name must follow the star/],
  ["*.10.0.0.1", /a host name must follow the star/],
  ["*.example.com:8443", /a port can only stand after an exact host/],
  ["*:443", /a star stands alone/],
  ["dns:example.com:53", /a DNS entry is a name, without a port/],
  ["dns:192.0.2.1", /a DNS entry is a name/],
  ["2001:db8::1:zz", /Write an IPv6 address with a port as \[address\]:port/],
])("the entry %j is refused with its reason", (entry, reason) => {
  expect(() => parseHostPattern(entry)).toThrow(reason);
});
