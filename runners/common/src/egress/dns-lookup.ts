import type { Resolver } from "node:dns/promises";
import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import ipaddr from "ipaddr.js";
import { DnsFailure, type DnsClient } from "./dns-query.ts";
import { denied, EgressError } from "./egress-error.ts";
import { isAllowedDnsName } from "./host-pattern.ts";
import type { DnsMessage, DnsRecord, DnsReply, DnsType } from "./messages.ts";
import { classifyName } from "./refused-names.ts";
import type { TargetPolicy } from "./target.ts";

const dnsName = /^(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/;

/**
 * The name of a lookup: lower case, punycode, no trailing dot; for PTR an address becomes its reverse name.
 * Throws an EgressError where it is not a name or no `dns:` entry permits it.
 */
export function checkDnsName(message: DnsMessage, policy: TargetPolicy): string {
  const name = dnsQueryName(message);
  if (!dnsName.test(name))
    throw denied(`${JSON.stringify(message.name.slice(0, 64))} is not a name that DNS can hold.`);
  if (!isAllowedDnsName(policy.patterns, name)) {
    throw denied(
      `DNS lookups of ${name} are not allowed for this source (${policy.describedHosts}). ` +
        `Add "dns:${name}", "dns:*.suffix" or "dns:*" to its hosts if they should be.`,
      name,
    );
  }
  const nameClass = classifyName(name);
  if (nameClass === "never" || (nameClass === "local" && !policy.allowance.permitsName(name, undefined))) {
    throw denied(
      `${name} is a name of the local network or of its metadata service, which sources cannot look up.`,
      name,
    );
  }
  return name;
}

/** The name that the servers are asked for, whether or not it may be looked up. */
export function dnsQueryName({ name, type }: Pick<DnsMessage, "name" | "type">): string {
  const text = name.replace(/\.$/, "");
  return type === "PTR" && isIP(text) !== 0 ? reverseName(text) : asciiName(text);
}

// Only names beyond ASCII go through IDNA: it would read "1.2" or "127.1" as an address.
function asciiName(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return /^[\u0000-\u007f]*$/.test(text) ? text.toLowerCase() : domainToASCII(text);
}

function reverseName(address: string): string {
  const bytes = ipaddr.parse(address).toByteArray();
  if (bytes.length === 4) return `${bytes.reverse().join(".")}.in-addr.arpa`;
  const digits = Buffer.from(bytes).toString("hex").split("").reverse();
  return `${digits.join(".")}.ip6.arpa`;
}

/** Looks a checked name up. "No such name" and "no such records" are answers; throws an EgressError for everything else. */
export async function lookUpRecords(
  dns: DnsClient,
  name: string,
  type: DnsType,
  signal: AbortSignal,
): Promise<DnsReply> {
  try {
    const records = await dns.query((resolver) => ask(resolver, name, type), signal);
    return { ok: true, rcode: records.length === 0 ? "NODATA" : "NOERROR", records };
  } catch (error) {
    if (!(error instanceof DnsFailure)) throw error;
    if (error.code === "NXDOMAIN" || error.code === "NODATA") return { ok: true, rcode: error.code, records: [] };
    const code = error.code === "TIMEOUT" ? "TIMEOUT" : "UPSTREAM_ERROR";
    throw new EgressError(code, `could not look up ${name} (${type}): ${error.message}`, name);
  }
}

async function ask(resolver: Resolver, name: string, type: DnsType): Promise<readonly DnsRecord[]> {
  switch (type) {
    case "A":
      return resolver.resolve4(name);
    case "AAAA":
      return resolver.resolve6(name);
    case "NS":
      return resolver.resolveNs(name);
    case "CNAME":
      return resolver.resolveCname(name);
    case "PTR":
      return resolver.resolvePtr(name);
    case "TXT":
      return (await resolver.resolveTxt(name)).map((parts) => parts.join(""));
    case "MX":
      return (await resolver.resolveMx(name)).map(({ priority, exchange }) => ({ priority, exchange }));
    case "SOA":
      return [await resolver.resolveSoa(name)];
    case "CAA":
      // Node spreads tag and value as a property of its own, beside the two it adds itself.
      return (await resolver.resolveCaa(name)).flatMap((record) =>
        Object.entries(record)
          .filter(([tag]) => tag !== "critical" && tag !== "type")
          .map(([tag, value]) => ({ critical: record.critical, tag, value: String(value) })),
      );
  }
}
