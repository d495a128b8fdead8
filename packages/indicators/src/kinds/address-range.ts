import ipaddr from "ipaddr.js";

const words: Readonly<Record<string, string>> = {
  private: "a private address",
  loopback: "a loopback address",
  linkLocal: "a link-local address",
  uniqueLocal: "a private address",
  carrierGradeNat: "an address behind a carrier's NAT",
  multicast: "a multicast address",
  broadcast: "the broadcast address",
  unspecified: "the unspecified address",
};

/** What is special about a canonical address that nobody on the internet has (IANA's special-purpose registries); null for all others. */
export function specialRange(address: string): string | null {
  const range = ipaddr.parse(address).range();
  return range === "unicast" ? null : (words[range] ?? "a reserved address");
}
