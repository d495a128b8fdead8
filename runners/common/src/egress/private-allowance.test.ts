import { expect, test } from "vitest";
import { parsePrivateAllowance } from "./private-allowance.ts";
import { parseStaticHosts } from "./static-hosts.ts";

test("an operator's entry opens exactly the host, address or range and port it names", () => {
  const allowance = parsePrivateAllowance([
    "misp.corp",
    "Wiki.Corp:8443",
    "10.1.0.0/16",
    "192.168.0.5:9200",
    "[fd00::/8]:443",
    "fd12::7",
  ]);
  const names = [
    ["misp.corp", 1],
    ["misp.corp", 443],
    ["wiki.corp", 8443],
    ["wiki.corp", 443],
    ["corp", 443],
  ] as const;
  expect(names.map(([host, port]) => allowance.permitsName(host, port))).toEqual([true, true, true, false, false]);
  const addresses = [
    ["10.1.255.1", 80],
    ["10.2.0.1", 80],
    ["192.168.0.5", 9200],
    ["192.168.0.5", 443],
    ["fd99::1", 443],
    ["fd99::1", 80],
    ["fd12::7", 80],
  ] as const;
  expect(addresses.map(([address, port]) => allowance.permitsAddress(address, port))).toEqual([
    true,
    false,
    true,
    false,
    true,
    false,
    true,
  ]);
});

test.each([
  ["10.0.0.0/33", /is not an address range/],
  ["10.0.0.0/", /is not an address range/],
  ["10.0.0.0/8:99999", /port must be a number/],
  ["https://misp.corp/", /is not an address range/],
  ["misp.corp:x", /port must be a number/],
  ["", /not a valid host name/],
])("the entry %j is refused with its reason", (entry, reason) => {
  expect(() => parsePrivateAllowance([entry])).toThrow(reason);
});

test("a static host gives the address and port for its name, the entry with a port first", () => {
  const lookUp = parseStaticHosts({
    "api.test": "192.0.2.1",
    "api.test:8443": "192.0.2.2:9000",
    "six.test": "[2001:db8::1]:80",
  });
  expect(lookUp("api.test", 443)).toEqual({ address: "192.0.2.1", port: 443 });
  expect(lookUp("api.test", 8443)).toEqual({ address: "192.0.2.2", port: 9000 });
  expect(lookUp("six.test", 443)).toEqual({ address: "2001:db8::1", port: 80 });
  expect(lookUp("other.test", 443)).toBeUndefined();
  expect(() => parseStaticHosts({ "api.test": "elsewhere.test" })).toThrow(/"elsewhere.test" is not an address/);
});
