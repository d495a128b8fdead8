import type { IndicatorKind } from "@assay/contract";
import { observableId, ownId, type StixObject } from "./stix-object.ts";

/** An indicator in STIX's words. */
export interface Observed {
  /** The thing itself first among them; what it refers to after it. Empty where only a pattern can name it. */
  readonly objects: readonly StixObject[];
  /** null: it is no observable but a vulnerability. */
  readonly pattern: string | null;
}

type Map = (data: string) => Observed;

/** Every kind; a sentence where STIX 2.1 has no object for it. */
const maps: Readonly<Record<IndicatorKind, Map | string>> = {
  IPV4: valued("ipv4-addr"),
  IPV6: valued("ipv6-addr"),
  CIDR: (data) => valued(data.includes(":") ? "ipv6-addr" : "ipv4-addr")(data),
  ASN: (data) => {
    const number = Number(data.slice(2));
    return one("autonomous-system", { number }, `autonomous-system:number = ${number}`);
  },
  IP_PORT: ipPort,
  MAC: valued("mac-addr"),
  DOMAIN: valued("domain-name"),
  ONION: valued("domain-name"),
  URL: valued("url"),
  EMAIL: valued("email-addr"),
  MD5: hashed("MD5"),
  SHA1: hashed("SHA-1"),
  SHA256: hashed("SHA-256"),
  SHA512: hashed("SHA-512"),
  TLSH: hashed("TLSH"),
  SSDEEP: hashed("SSDEEP"),
  // A file object would have to say which kind of binary it is, and that is not known.
  IMPHASH: (data) => ({
    objects: [],
    pattern: `[file:extensions.'windows-pebinary-ext'.imphash = ${quoted(data)}]`,
  }),
  CVE: (data) => ({ objects: [vulnerability(data)], pattern: null }),
  REGISTRY_KEY: (data) => one("windows-registry-key", { key: data }, `windows-registry-key:key = ${quoted(data)}`),
  JA3: "STIX 2.1 has no object for TLS fingerprints.",
  JA4: "STIX 2.1 has no object for TLS fingerprints.",
  JARM: "STIX 2.1 has no object for TLS fingerprints.",
  PHONE: "STIX 2.1 has no object for telephone numbers.",
  BTC: "STIX 2.1 has no object for addresses of currencies.",
  ETH: "STIX 2.1 has no object for addresses of currencies.",
};

/** An indicator in STIX's words, or the reason why there are none. */
export function observe(kind: IndicatorKind, data: string): Observed | string {
  const map = maps[kind];
  return typeof map === "string" ? map : map(data);
}

function one(type: string, contributing: Readonly<Record<string, unknown>>, comparison: string): Observed {
  return { objects: [observable(type, contributing)], pattern: `[${comparison}]` };
}

function observable(type: string, contributing: Readonly<Record<string, unknown>>): StixObject {
  return { type, spec_version: "2.1", id: observableId(type, contributing), ...contributing };
}

function valued(type: string): Map {
  return (data) => one(type, { value: data }, `${type}:value = ${quoted(data)}`);
}

function hashed(algorithm: string): Map {
  const path = algorithm.includes("-") ? `'${algorithm}'` : algorithm;
  return (data) => one("file", { hashes: { [algorithm]: data } }, `file:hashes.${path} = ${quoted(data)}`);
}

/** Which transport it is was not said, so only the network layer is named. */
function ipPort(data: string): Observed {
  const colon = data.lastIndexOf(":");
  const value = data.slice(0, colon).replaceAll(/[[\]]/g, "");
  const port = Number(data.slice(colon + 1));
  const version = value.includes(":") ? "ipv6" : "ipv4";
  const address = observable(`${version}-addr`, { value });
  const traffic = observable("network-traffic", { dst_ref: address.id, dst_port: port, protocols: [version] });
  const pattern = `[network-traffic:dst_ref.value = ${quoted(value)} AND network-traffic:dst_port = ${port}]`;
  return { objects: [traffic, address], pattern };
}

function vulnerability(data: string): StixObject {
  return {
    type: "vulnerability",
    spec_version: "2.1",
    id: ownId("vulnerability", data),
    created: "1999-01-01T00:00:00.000Z",
    modified: "1999-01-01T00:00:00.000Z",
    name: data,
    external_references: [{ source_name: "cve", external_id: data }],
  };
}

/** A string of a pattern (STIX 2.1, section 9.2). */
function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
