import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { parseHostAndPort } from "./host-and-port.ts";

/** Which private destinations the operator has opened. */
export interface PrivateAllowance {
  /** Whether the operator named this host (and the URL's port, where the entry has one; undefined for a lookup without a port). */
  permitsName(host: string, port: number | undefined): boolean;
  /** Whether an address entry covers this address (and the port connected to, where the entry has one). */
  permitsAddress(address: string, port: number): boolean;
}

type AddressEntry = { readonly range: [ipaddr.IPv4 | ipaddr.IPv6, number]; readonly port: number | undefined };

/**
 * Reads entries "host", "host:port", "address[:port]" and "CIDR[:port]" ("[fd00::/8]:443" for IPv6 with a port).
 * Throws an Error that names the entry and says what is wrong with it.
 */
export function parsePrivateAllowance(entries: readonly string[]): PrivateAllowance {
  const names: { host: string; port: number | undefined }[] = [];
  const addresses: AddressEntry[] = [];
  for (const text of entries) {
    const entry = text.includes("/") ? parseRange(text) : parseHostAndPort(text);
    if ("range" in entry) addresses.push(entry);
    else if (isIP(entry.host) === 0) names.push(entry);
    else
      addresses.push({
        range: ipaddr.parseCIDR(`${entry.host}/${isIP(entry.host) === 4 ? 32 : 128}`),
        port: entry.port,
      });
  }
  return {
    permitsName: (host, port) =>
      names.some((entry) => entry.host === host && (port === undefined || (entry.port ?? port) === port)),
    permitsAddress(text, port) {
      const address = ipaddr.parse(text);
      return addresses.some(
        (entry) =>
          (entry.port ?? port) === port && address.kind() === entry.range[0].kind() && address.match(entry.range),
      );
    },
  };
}

function parseRange(text: string): AddressEntry {
  const [, bracketed, plain, portText] = /^(?:\[([^\]]+)\]|([^[\]]+?\/\d+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const cidr = bracketed ?? plain;
  const port = portText === undefined ? undefined : Number(portText);
  if (cidr === undefined || !ipaddr.isValidCIDR(cidr)) {
    throw new Error(`"${text}" is not an address range. Write it as 10.0.0.0/8, 10.0.0.0/8:443 or [fd00::/8]:443.`);
  }
  if (port !== undefined && (port < 1 || port > 65535)) {
    throw new Error(`"${text}": the port must be a number from 1 to 65535.`);
  }
  return { range: ipaddr.parseCIDR(cidr), port };
}
