import type { IndicatorKind, Request } from "@assay/contract";
import { foreignVerdicts } from "./verdict-words.ts";
import type { ExportWriter } from "./writer.ts";

const ecsVersion = "8.17.0";

type Fields = Readonly<Record<string, unknown>>;
interface Mapped {
  /** threat.indicator.type, from STIX's names of observables. */
  readonly type: string;
  /** Below threat.indicator. */
  readonly indicator?: Fields;
  /** Beside it: related.*, vulnerability.*, tls.*. */
  readonly beside?: Fields;
}

/** Every kind. Those that ECS has no field for stand in threat.indicator.name alone. */
const maps: Readonly<Record<IndicatorKind, (data: string) => Mapped>> = {
  IPV4: (ip) => ({ type: "ipv4-addr", indicator: { ip }, beside: { related: { ip: [ip] } } }),
  IPV6: (ip) => ({ type: "ipv6-addr", indicator: { ip }, beside: { related: { ip: [ip] } } }),
  // threat.indicator.ip is of the type ip, which takes no network.
  CIDR: (data) => ({ type: data.includes(":") ? "ipv6-addr" : "ipv4-addr" }),
  ASN: (data) => ({ type: "autonomous-system", indicator: { as: { number: Number(data.slice(2)) } } }),
  IP_PORT: (data) => {
    const colon = data.lastIndexOf(":");
    const ip = data.slice(0, colon).replaceAll(/[[\]]/g, "");
    const type = ip.includes(":") ? "ipv6-addr" : "ipv4-addr";
    return { type, indicator: { ip, port: Number(data.slice(colon + 1)) }, beside: { related: { ip: [ip] } } };
  },
  MAC: () => ({ type: "mac-addr" }),
  DOMAIN: named,
  ONION: named,
  URL: (full) => {
    const authority = /^([^:]+):\/\/(?:[^/?#]*@)?(\[[^\]]*\]|[^/?#:]+)/.exec(full);
    const [, scheme, host] = authority ?? [];
    return { type: "url", indicator: { url: { full, scheme, domain: host } } };
  },
  EMAIL: (address) => ({ type: "email-addr", indicator: { email: { address } } }),
  MD5: hashed("md5"),
  SHA1: hashed("sha1"),
  SHA256: hashed("sha256"),
  SHA512: hashed("sha512"),
  TLSH: hashed("tlsh"),
  SSDEEP: hashed("ssdeep"),
  IMPHASH: (imphash) => ({
    type: "file",
    indicator: { file: { pe: { imphash } } },
    beside: { related: { hash: [imphash] } },
  }),
  JA3: (ja3) => ({ type: "network-traffic", beside: { related: { hash: [ja3] }, tls: { client: { ja3 } } } }),
  JA4: (ja4) => ({ type: "network-traffic", beside: { related: { hash: [ja4] } } }),
  JARM: (jarm) => ({ type: "network-traffic", beside: { related: { hash: [jarm] } } }),
  CVE: (id) => ({ type: "vulnerability", beside: { vulnerability: { id, enumeration: "CVE" } } }),
  REGISTRY_KEY: (data) => {
    const slash = data.indexOf("\\");
    const [hive, key] = slash < 0 ? [data, ""] : [data.slice(0, slash), data.slice(slash + 1)];
    return { type: "windows-registry-key", indicator: { registry: { path: data, hive: hives[hive] ?? hive, key } } };
  },
  PHONE: () => ({ type: "phone-number" }),
  BTC: () => ({ type: "cryptocurrency-wallet" }),
  ETH: () => ({ type: "cryptocurrency-wallet" }),
};

const hives: Readonly<Record<string, string>> = {
  HKEY_LOCAL_MACHINE: "HKLM",
  HKEY_CURRENT_USER: "HKCU",
  HKEY_CLASSES_ROOT: "HKCR",
  HKEY_USERS: "HKU",
  HKEY_CURRENT_CONFIG: "HKCC",
};

function named(domain: string): Mapped {
  return { type: "domain-name", indicator: { url: { domain } }, beside: { related: { hosts: [domain] } } };
}

function hashed(algorithm: string): (data: string) => Mapped {
  return (data) => ({
    type: "file",
    indicator: { file: { hash: { [algorithm]: data } } },
    beside: { related: { hash: [data] } },
  });
}

/** Elastic Common Schema, a document per line. What has no place there stands below `assay`. */
export function ecsWriter(): ExportWriter {
  return { lookup: (request) => `${JSON.stringify(ecsDocument(request))}\n` };
}

export function ecsDocument(request: Request): Fields {
  const { id, data, kind, verdict, createdAt, completedAt, tlp, pap, answers, traceId } = request;
  const { type, indicator, beside } = maps[kind](data);
  const { ecsConfidence, dbotScore, cortexLevel } = foreignVerdicts[verdict.verdict];
  const facts = answers.map((answer) => answer.facts);
  const times = (all: readonly (string | undefined)[]): string[] =>
    all.flatMap((time) => (time === undefined ? [] : [new Date(time).toISOString()])).toSorted();
  return {
    "@timestamp": completedAt ?? createdAt,
    ecs: { version: ecsVersion },
    event: {
      kind: "enrichment",
      category: ["threat"],
      type: ["indicator"],
      module: "assay",
      dataset: "assay.lookup",
      id,
      created: createdAt,
      reason: verdict.text,
      risk_score: verdict.score,
    },
    trace: { id: traceId },
    tags: [...new Set(answers.flatMap(({ labels }) => labels))],
    threat: {
      indicator: {
        type,
        name: data,
        description: `${verdict.verdict} (${verdict.rule}): ${verdict.text}`,
        confidence: ecsConfidence,
        provider: "Assay",
        marking: { tlp, tlp_version: "2.0" },
        modified_at: completedAt ?? createdAt,
        scanner_stats: answers.filter((answer) => answer.verdict === "malicious").length,
        first_seen: times(facts.map(({ firstSeen }) => firstSeen))[0],
        last_seen: times(facts.map(({ lastSeen }) => lastSeen)).at(-1),
        reference: answers.find(({ link }) => link !== null)?.link ?? undefined,
        geo: geoOf(facts),
        ...indicator,
      },
    },
    ...beside,
    assay: {
      verdict: verdict.verdict,
      rule: verdict.rule,
      kind,
      pap,
      dbotScore,
      cortexLevel,
      coverage: verdict.coverage,
      answersDeleted: request.prunedAnswers ?? undefined,
      decision: verdict.decision ?? undefined,
    },
  };
}

function geoOf(facts: readonly Request["answers"][number]["facts"][]): Fields | undefined {
  const found = facts.find(({ country }) => country !== undefined);
  return found && { country_iso_code: found.country, city_name: found.city };
}
