import { isIP } from "node:net";
import { z } from "zod";

/** Where something listens or is reached. `host` has no brackets, even for IPv6. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** Reads `host:port` and `[::1]:port`; the port may be absent. Undefined for anything else. */
function splitHostPort(text: string): { host: string; port?: number } | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]/=]+))(?::(\d{1,5}))?$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined || (match?.[1] !== undefined && isIP(match[1]) !== 6)) return undefined;
  if (match?.[3] === undefined) return { host };
  const port = Number(match[3]);
  return port > 65_535 ? undefined : { host, port };
}

function parsed<T>(read: (text: string) => T | undefined) {
  return z.string().transform((text, context): T => {
    const value = read(text);
    if (value !== undefined) return value;
    context.addIssue({ code: "custom", message: "unreadable" });
    return z.NEVER;
  });
}

const commaList = (text: string) =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

function every<T>(read: (part: string) => T | undefined) {
  return (text: string): T[] | undefined => {
    const values = commaList(text).map(read);
    return values.length > 0 && values.every((value) => value !== undefined) ? values : undefined;
  };
}

function readHostPort(text: string): HostPort | undefined {
  const { host, port } = splitHostPort(text) ?? {};
  return host === undefined || port === undefined ? undefined : { host, port };
}

/** `name[:port]=address[:port]`, as a pair of its sides. */
function readEgressHost(text: string): [string, string] | undefined {
  const [name = "", address = "", ...rest] = text.split("=").map((side) => side.trim());
  const to = splitHostPort(address) ?? { host: address };
  return splitHostPort(name) && isIP(to.host) !== 0 && rest.length === 0 ? [name, address] : undefined;
}

function readEgressHosts(text: string): Record<string, string> | undefined {
  const pairs = every(readEgressHost)(text);
  return pairs && Object.fromEntries(pairs);
}

/** A host, an address or a range of addresses (CIDR), each with or without a port. */
function readPrivatePlace(text: string): string | undefined {
  const address = /^\[?([0-9a-fA-F:.]+)\/\d{1,3}\]?(:\d{1,5})?$/.exec(text)?.[1] ?? text;
  return isIP(address) !== 0 || splitHostPort(text) ? text : undefined;
}

function readUrl(protocols: readonly string[]) {
  return (text: string): string | undefined => {
    const url = URL.parse(text);
    return url && protocols.includes(url.protocol) && url.host !== "" ? text.replace(/\/+$/, "") : undefined;
  };
}

/** A URL of a proxy, credentials and all; nothing after the host but a slash. */
function readProxyUrl(text: string): string | undefined {
  const url = URL.parse(text);
  const isProxy = url !== null && ["http:", "https:", "socks5:"].includes(url.protocol) && url.hostname !== "";
  return isProxy && /^\/?$/.test(url.pathname) && url.search === "" && url.hash === "" ? text : undefined;
}

/** A host, `.suffix` or `*.suffix`, an address or a range (CIDR); each but the range with or without a port. */
function readProxyBypass(text: string): string | undefined {
  const name = text.replace(/^\*?\./, "");
  return name.includes("*") || (name !== text && isIP(name) !== 0) ? undefined : readPrivatePlace(name) && text;
}

function readJsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function readDnsServer(text: string): string | undefined {
  const server = splitHostPort(text) ?? (isIP(text) ? { host: text } : undefined);
  return server && isIP(server.host) !== 0 ? text : undefined;
}

/** A key that encrypts what is stored; `id` names it in the rows that it encrypted. */
export interface EncryptionKey {
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

/** `id:key`, the key 32 bytes in base64 or base64url. */
function readEncryptionKey(text: string): EncryptionKey | undefined {
  const match = /^([A-Za-z0-9_-]{1,40}):([A-Za-z0-9+/_-]{43}=?)$/.exec(text);
  const [, id = "", encoded = ""] = match ?? [];
  return match ? { id, key: Buffer.from(encoded, "base64") } : undefined;
}

/** Keys parted by commas, each under an id of its own; undefined for anything else. */
export function readEncryptionKeys(text: string): EncryptionKey[] | undefined {
  const keys = every(readEncryptionKey)(text);
  return keys && new Set(keys.map(({ id }) => id)).size === keys.length ? keys : undefined;
}

/** The text that `readEncryptionKeys` reads. */
export function formatEncryptionKeys(keys: readonly EncryptionKey[]): string {
  return keys.map(({ id, key }) => `${id}:${key.toString("base64url")}`).join(",");
}

/** The shapes that a variable's text may have. Each turns text into its value, or reports one issue. */
export const value = {
  wholeNumber: (min: number, max: number) =>
    parsed((text) => (/^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max ? Number(text) : undefined)),
  ratio: () => parsed((text) => (/^(0(\.\d+)?|1(\.0+)?)$/.test(text) ? Number(text) : undefined)),
  text: (lengthMin = 1) => z.string().min(lengthMin),
  email: () => z.email(),
  absolutePath: () => parsed((text) => (text.startsWith("/") ? text : undefined)),
  httpUrl: () => parsed(readUrl(["http:", "https:"])),
  postgresUrl: () => parsed(readUrl(["postgres:", "postgresql:"])),
  redisUrl: () => parsed(readUrl(["redis:", "rediss:"])),
  jsonObject: () => parsed(readJsonObject),
  hostPort: () => parsed(readHostPort),
  hostPorts: () => parsed(every((part) => (readHostPort(part) ? part : undefined))),
  egressHosts: () => parsed(readEgressHosts),
  privatePlaces: () => parsed(every(readPrivatePlace)),
  encryptionKeys: () => parsed(readEncryptionKeys),
  proxyUrl: () => parsed(readProxyUrl),
  proxyBypasses: () => parsed(every(readProxyBypass)),
  dnsServers: () => parsed(every(readDnsServer)),
};
