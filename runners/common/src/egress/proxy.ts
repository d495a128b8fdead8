import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { parseHostAndPort } from "./host-and-port.ts";

/** The proxy that the operator chose, and what goes past it. `credentials` are a secret: they go to the proxy and nowhere else. */
export interface ProxyServer {
  readonly protocol: "http:" | "https:" | "socks5:";
  /** A name or an address without brackets. The operator's word: it may be private, and the machine looks it up. */
  readonly host: string;
  readonly port: number;
  readonly credentials: { readonly user: string; readonly password: string } | undefined;
  /** Who looks the names of targets up: see docs/decisions/0006. */
  readonly resolver: "runner" | "proxy";
  /** Whether requests to this host (or address) and port are made without the proxy. */
  bypasses(host: string, port: number): boolean;
}

export interface ProxyOptions {
  /** "http://", "https://" or "socks5://", with "user:password@" where the proxy wants it. */
  readonly url: string;
  readonly resolver: "runner" | "proxy";
  /** "host", ".suffix" or "*.suffix" (what is below it), an address, a CIDR; each but the last with or without ":port". */
  readonly bypass: readonly string[];
}

const defaultPorts = { "http:": 80, "https:": 443, "socks5:": 1080 } as const;
/** RFC 1929 has one byte for each length. */
const socksCredentialBytesMax = 255;

/** Throws an Error that says what is wrong, without repeating the URL, which may hold a password. */
export function parseProxy(options: ProxyOptions): ProxyServer {
  const url = URL.parse(options.url);
  const protocol = url?.protocol;
  if (!url || (protocol !== "http:" && protocol !== "https:" && protocol !== "socks5:")) {
    throw new Error("The proxy must be a URL that begins with http://, https:// or socks5://.");
  }
  const { host } = parseHostAndPort(url.hostname);
  const credentials = credentialsOf(url);
  const lengths = credentials ? [credentials.user, credentials.password].map((text) => Buffer.byteLength(text)) : [];
  if (protocol === "socks5:" && lengths.some((length) => length === 0 || length > socksCredentialBytesMax)) {
    throw new Error("A SOCKS5 proxy takes a user name and a password of 1 to 255 bytes each, or neither.");
  }
  const entries = options.bypass.map(parseBypass);
  return {
    protocol,
    host,
    port: url.port === "" ? defaultPorts[protocol] : Number(url.port),
    credentials,
    resolver: options.resolver,
    bypasses: (name, port) => entries.some((matches) => matches(name, port)),
  };
}

function credentialsOf(url: URL): ProxyServer["credentials"] {
  if (url.username === "" && url.password === "") return undefined;
  try {
    return { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
  } catch {
    throw new Error("The user name or password of the proxy has a % that stands for nothing. Write it as %25.");
  }
}

type Matcher = (host: string, port: number) => boolean;

function parseBypass(text: string): Matcher {
  if (text.includes("/")) {
    if (!ipaddr.isValidCIDR(text)) throw new Error(`"${text}" is not an address range. Write it as 10.0.0.0/8.`);
    const range = ipaddr.parseCIDR(text);
    return (host) => {
      if (isIP(host) === 0) return false;
      const address = ipaddr.parse(host);
      return address.kind() === range[0].kind() && address.match(range);
    };
  }
  const isSuffix = /^\*?\./.test(text);
  const entry = parseHostAndPort(isSuffix ? text.replace(/^\*?\./, "") : text);
  const fitsPort = (port: number) => entry.port === undefined || entry.port === port;
  return isSuffix
    ? (host, port) => host.endsWith(`.${entry.host}`) && isIP(host) === 0 && fitsPort(port)
    : (host, port) => host === entry.host && fitsPort(port);
}
