import type { IndicatorKind } from "@assay/contract";
import { type Prefix, readPrefix } from "./prefix-trie.ts";

/** An indicator as lists look at it. */
export interface Subject {
  readonly kind: IndicatorKind;
  readonly data: string;
  /** The same for every spelling of the case. */
  readonly folded: string;
  readonly caseSensitive: boolean;
  /** Of a name or a URL. */
  readonly host: string | null;
  /** Of an address, a network, or a URL whose host is an address. */
  readonly prefix: Prefix | null;
}

/** Where two spellings that differ in case are two indicators. */
const caseSensitiveKinds: ReadonlySet<IndicatorKind> = new Set(["URL", "BTC", "SSDEEP"]);

/** Takes apart an indicator in canonical form. */
export function subjectOf(kind: IndicatorKind, data: string): Subject {
  const host = hostOf(kind, data);
  return {
    kind,
    data,
    folded: data.toLowerCase(),
    caseSensitive: caseSensitiveKinds.has(kind),
    host,
    prefix: prefixOf(kind, data, host),
  };
}

function hostOf(kind: IndicatorKind, data: string): string | null {
  if (kind === "DOMAIN" || kind === "ONION" || kind === "IPV4" || kind === "IPV6") return data;
  if (kind !== "URL") return null;
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(data)?.[1];
  if (authority === undefined) return null;
  const hostAndPort = authority.slice(authority.lastIndexOf("@") + 1);
  const bracketed = /^\[([^\]]*)\]/.exec(hostAndPort)?.[1];
  return (bracketed ?? hostAndPort.replace(/:\d*$/, "")).replace(/\.$/, "").toLowerCase();
}

function prefixOf(kind: IndicatorKind, data: string, host: string | null): Prefix | null {
  if (kind === "IPV4" || kind === "IPV6" || kind === "CIDR") return readPrefix(data);
  if (kind === "IP_PORT") return readPrefix(data.replace(/:\d+$/, "").replaceAll(/[[\]]/g, ""));
  return kind === "URL" && host !== null ? readPrefix(host) : null;
}
