import type { EntryType, IgnoreListEntry, IgnoreListKind, importFormats, IndicatorKind } from "@assay/contract";
import { entryTypes, issueText } from "@assay/contract";
import { z } from "zod";
import { failValidation, ProblemError } from "../../problem-error.ts";
import { createBreather } from "../../breathe.ts";
import { readEntry } from "./matcher/read-entry.ts";

/** What a file holds; `at` says where in it a text stands. */
interface Found {
  readonly text: string;
  readonly at: string;
  /** Why the place cannot be read at all. */
  readonly fault?: string;
}

export interface MispList {
  readonly name: string;
  readonly description: string;
  readonly version: string | null;
  readonly kind: IgnoreListKind;
  readonly indicatorKinds: readonly IndicatorKind[];
  readonly type: EntryType;
  readonly list: readonly string[];
}

export interface FileEntries {
  readonly entries: readonly IgnoreListEntry[];
  /** Lines that are not valid and were left out. */
  readonly leftOut: number;
}

/** Kinds by the attribute types of MISP, https://www.misp-project.org/datamodels/. Composite types name the parts. */
const kindsOfAttribute: Readonly<Record<string, readonly IndicatorKind[]>> = {
  "ip-src": ["IPV4", "IPV6", "CIDR"],
  "ip-dst": ["IPV4", "IPV6", "CIDR"],
  ip: ["IPV4", "IPV6"],
  port: ["IP_PORT"],
  "ip-src|port": ["IP_PORT"],
  "ip-dst|port": ["IP_PORT"],
  domain: ["DOMAIN", "ONION"],
  hostname: ["DOMAIN", "ONION"],
  url: ["URL"],
  uri: ["URL"],
  link: ["URL"],
  email: ["EMAIL"],
  "email-src": ["EMAIL"],
  "email-dst": ["EMAIL"],
  "whois-registrant-email": ["EMAIL"],
  md5: ["MD5"],
  sha1: ["SHA1"],
  sha256: ["SHA256"],
  sha512: ["SHA512"],
  imphash: ["IMPHASH"],
  ssdeep: ["SSDEEP"],
  tlsh: ["TLSH"],
  "ja3-fingerprint-md5": ["JA3"],
  "jarm-fingerprint": ["JARM"],
  AS: ["ASN"],
  "mac-address": ["MAC"],
  "phone-number": ["PHONE"],
  vulnerability: ["CVE"],
  regkey: ["REGISTRY_KEY"],
  btc: ["BTC"],
};
const text = z.string().max(10_000);
const Misp = z.object({
  name: text.trim().min(1),
  description: text.default(""),
  version: z.union([z.number(), text]).optional(),
  type: z.enum(entryTypes),
  category: text.optional(),
  matching_attributes: z.array(text).default([]),
  list: z.array(z.string()),
});
const shownMax = 20;

/** Reads a MISP warning list. @throws ProblemError VALIDATION_FAILED */
export function readMispList(content: string): MispList {
  const parsed = Misp.safeParse(parseJson(content), { error: issueText });
  if (!parsed.success) {
    failValidation(
      parsed.error.issues.slice(0, shownMax).map(({ path, message }) => ({
        field: "body.content",
        message: `is no MISP warning list: ${pathWords(path) || "it"} ${message}`,
      })),
    );
  }
  const { name, description, version, type, category, matching_attributes: attributes, list } = parsed.data;
  const kinds = attributes.flatMap((attribute) =>
    [attribute, ...attribute.split("|")].flatMap((part) => kindsOfAttribute[part] ?? []),
  );
  return {
    name: name.slice(0, 200),
    description: description.slice(0, 4000),
    version: version === undefined ? null : String(version).slice(0, 80),
    kind: /^known/i.test(category ?? "") ? "context" : "known_good",
    indicatorKinds: [...new Set(kinds)],
    type,
    list,
  };
}

/** `list[3]` */
function pathWords(path: readonly PropertyKey[]): string {
  return path
    .reduce<string>((text, key) => (typeof key === "number" ? `${text}[${key}]` : `${text}.${String(key)}`), "")
    .slice(path.length > 0 ? 1 : 0);
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content) as unknown;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return failValidation([{ field: "body.content", message: `is not JSON: ${reason}` }]);
  }
}

/**
 * The entries of a file, each once. Leaves the event loop room, however long the file.
 * @throws ProblemError VALIDATION_FAILED with the lines that are not valid, unless they are to be left out
 */
export async function readEntries(
  content: string,
  format: (typeof importFormats)[number],
  type: EntryType | undefined,
  invalid: "refuse" | "leave_out",
): Promise<FileEntries> {
  if (format !== "misp") return checkEntries(linesOf(content, format), type, invalid);
  const misp = readMispList(content);
  return checkEntries(textsOf(misp), misp.type, invalid);
}

/** The entries of a MISP list; see `readEntries`. */
export function readMispEntries(misp: MispList, invalid: "refuse" | "leave_out"): Promise<FileEntries> {
  return checkEntries(textsOf(misp), misp.type, invalid);
}

async function checkEntries(
  found: Iterable<Found>,
  type: EntryType | undefined,
  invalid: "refuse" | "leave_out",
): Promise<FileEntries> {
  const breathe = createBreather();
  const entries = new Map<string, IgnoreListEntry>();
  const wrong: string[] = [];
  let leftOut = 0;
  for (const { text, at, fault } of found) {
    const isException = text.startsWith("!");
    const read =
      fault === undefined
        ? readEntry(isException ? text.slice(1) : text, type, isException)
        : { ok: false as const, reason: fault };
    if (read.ok) entries.set(`${read.entry.type} ${read.entry.value}`, read.entry);
    else {
      leftOut++;
      if (wrong.length < shownMax) wrong.push(`${at}: “${text.slice(0, 80).toWellFormed()}” ${read.reason}`);
    }
    await breathe();
  }
  if (leftOut > 0 && invalid === "refuse") {
    const more = leftOut > wrong.length ? ` (${leftOut} in all)` : "";
    const errors = wrong.map((message) => ({ field: "body.content", message }));
    throw new ProblemError("VALIDATION_FAILED", `Nothing was imported. ${wrong.slice(0, 3).join("; ")}${more}.`, {
      errors,
    });
  }
  return { entries: [...entries.values()], leftOut };
}

function* textsOf({ list }: MispList): Generator<Found> {
  for (const [index, text] of list.entries()) yield { text, at: `list[${index}]` };
}

/** Lines that say something; those that begin with # are comments. */
function* linesOf(content: string, format: "text" | "csv"): Generator<Found> {
  let start = content.startsWith("\uFEFF") ? 1 : 0;
  for (let line = 1; start <= content.length; line++) {
    const end = content.indexOf("\n", start);
    const raw = content.slice(start, end < 0 ? content.length : end).trim();
    const isOpen = format === "csv" && raw.startsWith('"') && !quotedCell.test(raw);
    const text = format === "csv" && !isOpen ? firstCell(raw) : raw;
    const fault = isOpen ? { fault: "begins with a quotation mark that is not closed on its line" } : {};
    if (text !== "" && !raw.startsWith("#")) yield { text, at: `line ${line}`, ...fault };
    if (end < 0) return;
    start = end + 1;
  }
}

const quotedCell = /^"((?:[^"]|"")*)"(?!")/;

function firstCell(line: string): string {
  const quoted = quotedCell.exec(line);
  return (quoted?.[1]?.replaceAll('""', '"') ?? line.split(/[,;\t]/, 1)[0] ?? "").trim();
}
