import fc from "fast-check";
import { expect, test } from "vitest";
import { classifyAddress, isSameAddress } from "./address-policy.ts";

test.each([
  ["8.8.8.8", "global"],
  ["2606:4700:4700::1111", "global"],
  ["10.1.2.3", "private"],
  ["172.31.255.255", "private"],
  ["192.168.0.1", "private"],
  ["127.0.0.1", "private"],
  ["100.64.0.1", "private"],
  ["::1", "private"],
  ["fd12:3456::1", "private"],
  // Metadata services, inside public and openable ranges alike.
  ["169.254.169.254", "never"],
  ["169.254.170.2", "never"],
  ["168.63.129.16", "never"],
  ["100.100.100.200", "never"],
  ["192.0.0.192", "never"],
  ["fd00:ec2::254", "never"],
  ["fd20:ce::254", "never"],
  ["fd00:42::42", "never"],
  // Forms that carry another address.
  ["::ffff:127.0.0.1", "never"],
  ["::ffff:8.8.8.8", "never"],
  ["::7f00:1", "never"],
  ["64:ff9b::7f00:1", "never"],
  ["64:ff9b:1::a00:1", "never"],
  ["2002:7f00:1::", "never"],
  ["2001:0:4136:e378:8000:63bf:3fff:fdd2", "never"],
  // Not for anyone to connect to.
  ["0.0.0.0", "never"],
  ["0.1.2.3", "never"],
  ["::", "never"],
  ["255.255.255.255", "never"],
  ["224.0.0.1", "never"],
  ["ff02::1", "never"],
  ["240.0.0.1", "never"],
  ["198.18.0.1", "never"],
  ["192.0.2.1", "never"],
  ["2001:db8::1", "never"],
  ["fe80::1", "never"],
  ["fec0::1", "never"],
  ["5f00::1", "never"],
  ["not an address", "never"],
  ["", "never"],
])("%s is %s", (address, expected) => {
  expect(classifyAddress(address)).toBe(expected);
});

test("an IPv4 address never counts as global in any of its IPv6 disguises", () => {
  const octets = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));
  fc.assert(
    fc.property(octets, ([a, b, c, d]) => {
      const high = ((a << 8) | b).toString(16);
      const low = ((c << 8) | d).toString(16);
      for (const prefix of ["::ffff:", "::", "64:ff9b::", "64:ff9b:1::", "::ffff:0:"]) {
        expect(classifyAddress(`${prefix}${high}:${low}`)).not.toBe("global");
      }
      expect(classifyAddress(`2002:${high}:${low}::1`)).not.toBe("global");
    }),
  );
});

test("a socket's v4-mapped remote address is the v4 address that was pinned, and no other", () => {
  expect(isSameAddress("::ffff:192.0.2.1", "192.0.2.1")).toBe(true);
  expect(isSameAddress("2001:DB8:0:0::1", "2001:db8::1")).toBe(true);
  expect(isSameAddress("192.0.2.2", "192.0.2.1")).toBe(false);
  expect(isSameAddress("", "192.0.2.1")).toBe(false);
});
