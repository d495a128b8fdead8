import { isIP } from "node:net";
import { parseHostAndPort } from "./host-and-port.ts";

/** Where a name is pinned to by configuration. */
export interface StaticAddress {
  readonly address: string;
  readonly port: number;
}

export type StaticHosts = (host: string, port: number) => StaticAddress | undefined;

/**
 * Reads "name[:port]" → "address[:port]". An entry with a port wins over one without; without a port in the value the
 * URL's stays. Throws an Error that names the entry and says what is wrong with it.
 */
export function parseStaticHosts(entries: Readonly<Record<string, string>>): StaticHosts {
  const pinned = new Map<string, { address: string; port: number | undefined }>();
  for (const [nameText, addressText] of Object.entries(entries)) {
    const name = parseHostAndPort(nameText);
    const { host: address, port } = parseHostAndPort(addressText);
    if (isIP(address) === 0) {
      throw new Error(
        `Static host "${nameText}": "${addressText}" is not an address. Give an IP address, with a port if need be.`,
      );
    }
    pinned.set(key(name.host, name.port), { address, port });
  }
  return (host, port) => {
    const entry = pinned.get(key(host, port)) ?? pinned.get(key(host, undefined));
    return entry && { address: entry.address, port: entry.port ?? port };
  };
}

function key(host: string, port: number | undefined): string {
  return `${host} ${port ?? ""}`;
}
