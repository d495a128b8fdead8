import { isIP } from "node:net";

export interface HostAndPort {
  /** As `normaliseHost` gives it. */
  readonly host: string;
  readonly port: number | undefined;
}

const labels = /^(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/;

/** The host of a parsed URL without brackets and trailing dot; undefined where it cannot name a host. */
export function hostOfUrl(url: URL): string | undefined {
  const { hostname } = url;
  if (hostname.startsWith("[")) return hostname.slice(1, -1);
  const host = hostname.endsWith(".") ? hostname.slice(0, -1) : hostname;
  return labels.test(host) ? host : undefined;
}

/**
 * A host as WHATWG URL sees it: lower case, punycode, addresses in canonical form, no brackets, no trailing dot.
 * Undefined for anything that is not a host alone.
 */
export function normaliseHost(text: string): string | undefined {
  if (/[\s/\\?#@%]/u.test(text) || (text.includes(":") && isIP(text) !== 6)) return undefined;
  const inUrl = isIP(text) === 6 ? `[${text}]` : text;
  return URL.canParse(`http://${inUrl}/`) ? hostOfUrl(new URL(`http://${inUrl}/`)) : undefined;
}

/** Reads "host", "host:port", an address, or "[IPv6]:port". Throws an Error that says what is wrong. */
export function parseHostAndPort(text: string): HostAndPort {
  const [, bracketed, plain, portText] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::([^:]*))?$/.exec(text) ?? [];
  const hostText = isIP(text) === 6 ? text : (bracketed ?? plain);
  if (hostText === undefined) {
    throw new Error(`"${text}" is not a host or host:port. Write an IPv6 address with a port as [address]:port.`);
  }
  if (/[/\\?#@]/.test(hostText)) {
    throw new Error(`"${text}" is not a host. Leave out the scheme, user name, path and query.`);
  }
  const host = normaliseHost(hostText);
  if (host === undefined) throw new Error(`"${text}" is not a valid host name or address.`);
  return { host, port: portText === undefined || isIP(text) === 6 ? undefined : parsePort(portText, text) };
}

function parsePort(portText: string, entry: string): number {
  const port = /^\d{1,5}$/.test(portText) ? Number(portText) : 0;
  if (port < 1 || port > 65535) throw new Error(`"${entry}": the port must be a number from 1 to 65535.`);
  return port;
}
