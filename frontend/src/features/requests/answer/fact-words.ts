import type { Facts } from "@assay/contract";
import { bytesWords } from "../../../components/bytes.ts";
import { dateOnly } from "../../../components/time.ts";

export type FactName = keyof Facts;

/** What each fact is called, in the order in which they are read. */
export const factLabels: Readonly<Record<FactName, string>> = {
  malwareFamily: "Malware family",
  score: "Score",
  scope: "Scope",
  asn: "AS number",
  asName: "AS name",
  org: "Organisation",
  country: "Country",
  city: "City",
  network: "Network",
  reverseName: "Reverse name",
  hostnames: "Host names",
  ports: "Open ports",
  cves: "Vulnerabilities",
  registrar: "Registrar",
  registeredAt: "Registered",
  expiresAt: "Expires",
  nameservers: "Name servers",
  fileName: "File name",
  fileType: "File type",
  fileSize: "File size",
  firstSeen: "First seen",
  lastSeen: "Last seen",
  tags: "Tags",
};

export const factOrder = Object.keys(factLabels) as FactName[];

const countries = new Intl.DisplayNames(["en"], { type: "region" });
const times: ReadonlySet<FactName> = new Set(["firstSeen", "lastSeen", "registeredAt", "expiresAt"]);

/** One value of a fact as people read it. */
export function factWords(name: FactName, value: string | number): string {
  if (name === "asn") return `AS${value}`;
  if (name === "country") return countryWords(String(value));
  if (name === "fileSize") return bytesWords(Number(value));
  return times.has(name) ? dateOnly(String(value)) : String(value);
}

/** "US · United States"; a code that no list knows stays as it is. */
function countryWords(code: string): string {
  try {
    const name = countries.of(code);
    return name === undefined || name === code ? code : `${name} (${code})`;
  } catch {
    return code;
  }
}

const keyFactOrder: readonly FactName[] = [
  "malwareFamily",
  "score",
  "scope",
  "asn",
  "asName",
  "org",
  "country",
  "fileName",
  "fileType",
  "registrar",
  "registeredAt",
  "reverseName",
  "ports",
  "cves",
  "hostnames",
  "network",
  "lastSeen",
  "firstSeen",
  "nameservers",
  "fileSize",
  "tags",
];
const keyFactsMax = 4;
const labelled: Readonly<Partial<Record<FactName, string>>> = {
  registeredAt: "since",
  lastSeen: "last seen",
  firstSeen: "first seen",
  ports: "ports",
  score: "score",
};

/** The few facts that a strip has room for. */
export function keyFacts(facts: Facts): string[] {
  return keyFactOrder
    .filter((name) => facts[name] !== undefined)
    .slice(0, keyFactsMax)
    .map((name) => {
      const value = facts[name];
      const words = Array.isArray(value)
        ? listWords(value)
        : name === "country"
          ? String(value)
          : factWords(name, value ?? "");
      return labelled[name] === undefined ? words : `${labelled[name]} ${words}`;
    });
}

function listWords(values: readonly (string | number)[]): string {
  const shown = values.slice(0, 3).join(", ");
  return values.length > 3 ? `${shown} +${values.length - 3}` : shown;
}
