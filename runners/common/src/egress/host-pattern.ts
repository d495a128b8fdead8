import { isIP } from "node:net";
import { normaliseHost, parseHostAndPort } from "./host-and-port.ts";

/** One entry of a source's `hosts`. */
export type HostPattern = { readonly scope: "http" | "dns" } & (
  | { readonly kind: "exact"; readonly host: string; readonly port: number | undefined }
  | { readonly kind: "suffix"; /** With the leading dot. */ readonly suffix: string }
  | { readonly kind: "any" }
);

/** What a URL asks for; `host` as `normaliseHost` gives it. */
export interface HttpEndpoint {
  readonly protocol: "http:" | "https:";
  readonly host: string;
  readonly port: number;
}

/**
 * Reads one entry of `hosts`: "host", "host:port", "*.suffix", "*", or for DNS lookups "dns:name", "dns:*.suffix", "dns:*".
 * Throws an Error that names the entry and says what is wrong with it.
 */
export function parseHostPattern(text: string): HostPattern {
  const trimmed = text.trim();
  if (trimmed === "") throw new Error("An entry of hosts is empty. Name a host, or remove it.");
  const scope = /^dns:/i.test(trimmed) ? "dns" : "http";
  const name = scope === "dns" ? trimmed.slice("dns:".length) : trimmed;
  if (name === "*") return { scope, kind: "any" };
  if (name.startsWith("*.")) return { scope, kind: "suffix", suffix: `.${parseSuffix(name.slice(2), trimmed)}` };
  if (name.includes("*")) {
    throw new Error(`"${trimmed}": a star stands alone or as the whole first label ("*.example.com"), nowhere else.`);
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(name)) {
    throw new Error(`"${trimmed}" is a URL. Write only its host: "${hostInUrl(name) ?? "example.com"}".`);
  }
  const { host, port } = parseHostAndPort(name);
  if (scope === "dns" && (port !== undefined || isIP(host) !== 0)) {
    throw new Error(`"${trimmed}": a DNS entry is a name, without a port and not an address.`);
  }
  return { scope, kind: "exact", host, port };
}

function parseSuffix(suffix: string, entry: string): string {
  if (/:\d*$/.test(suffix)) throw new Error(`"${entry}": a port can only stand after an exact host.`);
  const host = normaliseHost(suffix);
  if (host === undefined || isIP(host) !== 0) {
    throw new Error(`"${entry}": a host name must follow the star, such as "*.example.com".`);
  }
  return host;
}

function hostInUrl(text: string): string | undefined {
  return URL.canParse(text) ? new URL(text).host : undefined;
}

const defaultPorts = { "http:": 80, "https:": 443 } as const;

/**
 * How the entries permit a request: "named" by an exact host or a suffix, "any" only by the star (which never opens private
 * addresses), undefined not at all. Without a port an entry permits 443 for https and 80 for http, and nothing else.
 */
export function isAllowedEndpoint(
  patterns: readonly HostPattern[],
  endpoint: HttpEndpoint,
): "named" | "any" | undefined {
  const isDefaultPort = endpoint.port === defaultPorts[endpoint.protocol];
  let allowed: "any" | undefined;
  for (const pattern of patterns) {
    if (pattern.scope !== "http") continue;
    if (pattern.kind === "any") {
      if (isDefaultPort) allowed = "any";
    } else if (matchesName(pattern, endpoint.host)) {
      const port = pattern.kind === "exact" ? pattern.port : undefined;
      if (port === undefined ? isDefaultPort : port === endpoint.port) return "named";
    }
  }
  return allowed;
}

/** Whether a `dns:` entry permits a lookup of this name (lower case, punycode, no trailing dot). */
export function isAllowedDnsName(patterns: readonly HostPattern[], name: string): boolean {
  return patterns.some((pattern) => pattern.scope === "dns" && (pattern.kind === "any" || matchesName(pattern, name)));
}

function matchesName(pattern: Exclude<HostPattern, { kind: "any" }>, host: string): boolean {
  if (pattern.kind === "exact") return pattern.host === host;
  return host.length > pattern.suffix.length && host.endsWith(pattern.suffix);
}
