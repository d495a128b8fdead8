import type { IndicatorKind, Request, Tlp } from "@assay/contract";
import { prunedText } from "./pruned-text.ts";
import { strictestTlp } from "./strictest-tlp.ts";
import { assayNamespace, uuidV5 } from "./uuid.ts";
import type { ExportSubject, ExportWriter } from "./writer.ts";

type Mapping = readonly [type: string, category: string];

/** Every kind as a type and category of MISP (describeTypes.json). "text" and "other" stand where it has no type of its own. */
export const mispTypes: Readonly<Record<IndicatorKind, Mapping>> = {
  IPV4: ["ip-dst", "Network activity"],
  IPV6: ["ip-dst", "Network activity"],
  CIDR: ["ip-dst", "Network activity"],
  ASN: ["AS", "Network activity"],
  IP_PORT: ["ip-dst|port", "Network activity"],
  MAC: ["mac-address", "Network activity"],
  DOMAIN: ["domain", "Network activity"],
  ONION: ["domain", "Network activity"],
  URL: ["url", "Network activity"],
  EMAIL: ["email", "Payload delivery"],
  PHONE: ["phone-number", "Person"],
  MD5: ["md5", "Payload delivery"],
  SHA1: ["sha1", "Payload delivery"],
  SHA256: ["sha256", "Payload delivery"],
  SHA512: ["sha512", "Payload delivery"],
  TLSH: ["tlsh", "Payload delivery"],
  SSDEEP: ["ssdeep", "Payload delivery"],
  IMPHASH: ["imphash", "Payload delivery"],
  JA3: ["ja3-fingerprint-md5", "Network activity"],
  JA4: ["text", "Other"],
  JARM: ["jarm-fingerprint", "Network activity"],
  CVE: ["vulnerability", "External analysis"],
  BTC: ["btc", "Financial fraud"],
  ETH: ["other", "Financial fraud"],
  REGISTRY_KEY: ["regkey", "Persistence mechanism"],
};

const commentReasons = 5;

/** A MISP event; `to_ids` is set for malicious indicators only. Its tags stand at the end, when all lookups are known. */
export function mispWriter(subject: ExportSubject): ExportWriter {
  let tlp = subject.tlp;
  let count = 0;
  const { title, madeAt, key } = subject;
  const event = {
    uuid: uuidV5(assayNamespace, `misp event ${key}`),
    info: title,
    date: madeAt.toISOString().slice(0, 10),
    timestamp: seconds(madeAt),
    // 4: undefined; 2: the analysis is complete; 0: your organisation only, whoever imports it decides anew.
    threat_level_id: "4",
    analysis: "2",
    distribution: "0",
    published: false,
  };
  return {
    head: () => `{"Event":${JSON.stringify(event).slice(0, -1)},"Attribute":[`,
    lookup(request) {
      tlp = strictestTlp([tlp, request.tlp]);
      return `${count++ === 0 ? "" : ","}\n${JSON.stringify(attributeOf(request))}`;
    },
    foot: () => `\n],"Tag":${JSON.stringify([tlpTag(tlp)])}}}\n`,
  };
}

function attributeOf(request: Request): object {
  const { data, kind, verdict, pap, prunedAnswers } = request;
  const [type, category] = mispTypes[kind];
  const adverse = request.answers.filter((answer) => answer.verdict === "malicious" || answer.verdict === "suspicious");
  const reasons = adverse.flatMap(({ source, reasons: given }) => given.map(({ text }) => `${source.name}: ${text}`));
  const comment = [
    `${verdict.verdict} (${verdict.rule}): ${verdict.text}`,
    ...reasons.slice(0, commentReasons),
    ...(prunedAnswers === null ? [] : [prunedText(prunedAnswers)]),
  ];
  return {
    uuid: uuidV5(assayNamespace, `misp attribute ${request.id}`),
    type,
    category,
    value: kind === "IP_PORT" ? data.replace(/^\[?(.*?)\]?:(\d+)$/, "$1|$2") : data,
    to_ids: verdict.verdict === "malicious",
    comment: comment.join("\n"),
    timestamp: seconds(new Date(request.completedAt ?? request.createdAt)),
    distribution: "5",
    disable_correlation: false,
    Tag: [tlpTag(request.tlp), { name: `PAP:${pap}` }, { name: `assay:verdict="${verdict.verdict}"` }],
  };
}

function tlpTag(tlp: Tlp): object {
  return { name: `tlp:${tlp.toLowerCase()}` };
}

function seconds(time: Date): string {
  return String(Math.floor(time.getTime() / 1000));
}
