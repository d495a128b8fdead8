import ipaddr from "ipaddr.js";

/** "private" can be opened by the operator, "never" by nobody. */
export type AddressClass = "global" | "private" | "never";

const openable = new Set(["private", "uniqueLocal", "loopback", "carrierGradeNat"]);

// Where clouds serve credentials to their machines, inside ranges that are otherwise public or openable:
// Azure wire server, Alibaba, Oracle, AWS, Google and Scaleway over IPv6. 169.254/16 is link-local and refused whole.
const metadata = [
  "168.63.129.16/32",
  "100.100.100.200/32",
  "192.0.0.192/32",
  "fd00:ec2::/32",
  "fd20:ce::/32",
  "fd00:42::42/128",
].map((cidr) => ipaddr.parseCIDR(cidr));

// All that IANA has given out for IPv6 unicast. ipaddr.js 2.5 calls ::127.0.0.1 and other unassigned space unicast too.
const globalIpv6 = ipaddr.parseCIDR("2000::/3");

/**
 * Classifies an IP address in text form. Global is what ipaddr.js calls unicast, for IPv6 within 2000::/3: mapped, NAT64, 6to4 and
 * Teredo forms hide another address and are refused whole. Text that is not an address is "never".
 */
export function classifyAddress(text: string): AddressClass {
  if (!ipaddr.isValid(text)) return "never";
  const address = ipaddr.parse(text);
  if (metadata.some((range) => address.kind() === range[0].kind() && address.match(range))) return "never";
  const range: string = address.range();
  if (range === "unicast" && (address.kind() === "ipv4" || address.match(globalIpv6))) return "global";
  return openable.has(range) ? "private" : "never";
}

/** Whether two texts are the same address; a v4-mapped form, as dual-stack sockets report it, equals its v4 address. */
export function isSameAddress(left: string, right: string): boolean {
  if (!ipaddr.isValid(left) || !ipaddr.isValid(right)) return false;
  return ipaddr.process(left).toNormalizedString() === ipaddr.process(right).toNormalizedString();
}
