import { kindRules } from "../kind-rules.ts";
import { parseDomain } from "../kinds/domain.ts";
import { alphanumeric, isOf, isWord, nameMark } from "./characters.ts";
import { isDefanged, type Scan } from "./finding.ts";
import { judgeAtom } from "./judge-atom.ts";
import { judgeDomain } from "./judge-domain.ts";
import { judgeNumbers } from "./judge-numbers.ts";
import { readEmail } from "./read-email.ts";
import { followAddress, followDomain } from "./read-tail.ts";
import type { Span } from "./spans.ts";

const beforeChars = 32;

function textBefore(scan: Scan, start: number): string {
  scan.work += beforeChars;
  return scan.normal.text.slice(Math.max(0, start - beforeChars), start);
}

/** What is between the dots, hyphens and underscores: a hash in the name of a file is a hash. */
function readAtoms(scan: Scan, { start, end }: Span): void {
  const { text } = scan.normal;
  for (let from = start; from < end;) {
    let to = from;
    while (to < end && !isOf(text, to, nameMark)) to++;
    if (to > from && (to - from >= 25 || isOf(text, to - 1, 1))) {
      const judged = judgeAtom(text.slice(from, to), textBefore(scan, from));
      const isPart = from > start || to < end;
      if (judged !== null && "reason" in judged) scan.rejected.push({ start: from, end: to, reason: judged.reason });
      else if (judged !== null && !(isPart && judged.kind === "ASN"))
        scan.found.push({
          start: from,
          end: to,
          ...judged,
          ...(isPart && judged.confidence === "high" && { confidence: "medium", note: "it is part of a longer name" }),
        });
    }
    from = to + 1;
  }
}

/** Digits and dots: an IPv4 address with what belongs to it, or why it is none. */
function readNumbers(scan: Scan, { start, end }: Span): void {
  const { text } = scan.normal;
  const judged = judgeNumbers(text.slice(start, end), textBefore(scan, start), isDefanged(scan, start, end));
  if (judged === null) return;
  if ("reason" in judged) scan.rejected.push({ start, end, reason: judged.reason });
  else followAddress(scan, { start, end }, judged);
}

/** Without spaces between scripts ("访问evil.com下载"), the part in ASCII is read alone. True where there is one. */
function readAsciiParts(scan: Scan, { start, end }: Span): void {
  const { text } = scan.normal;
  for (let from = start; from < end;) {
    let to = from;
    while (to < end && text.charCodeAt(to) < 128) to++;
    const part = { start: from, end: to };
    while (part.end > part.start && /[._-]/.test(text[part.end - 1] ?? "")) part.end--;
    while (part.start < part.end && /[.-]/.test(text[part.start] ?? "")) part.start++;
    if (part.end > part.start && part.end - part.start < end - start) readName(scan, part);
    from = to + 1;
  }
}

function readDotted(scan: Scan, span: Span): void {
  const { text } = scan.normal;
  const { start, end } = span;
  const name = text.slice(start, end);
  const parsed = parseDomain(name);
  if (parsed.ok && parsed.data.endsWith(".onion")) {
    const onion = kindRules.ONION.parse(parsed.data);
    if (onion.ok) scan.found.push({ start, end, kind: "ONION", data: onion.data, confidence: "high" });
    else scan.rejected.push({ start, end, reason: `it is not a valid onion service: ${onion.wrong}` });
    return;
  }
  const [before, after] = [text[start - 1] ?? "", text[end] ?? ""];
  const judged = parsed.ok
    ? judgeDomain(name, parsed.data, {
        isDefanged: isDefanged(scan, start, end),
        // "//host/path" is a URL without its scheme; one slash alone is a path.
        before: before === "/" && text[start - 2] === "/" ? "" : before,
        after,
      })
    : null;
  if (parsed.ok && judged?.is === "domain") return followDomain(scan, span, { data: parsed.data, ...judged });
  if (/\P{ASCII}/u.test(name)) return readAsciiParts(scan, span);
  if (judged?.is === "other") scan.rejected.push({ start, end, reason: judged.reason });
  readAtoms(scan, span);
}

/** Reads one run of letters, digits, dots, hyphens and underscores, without those at its ends. Linear in its length. */
export function readName(scan: Scan, span: Span): void {
  const { text } = scan.normal;
  const { start, end } = span;
  const name = text.slice(start, end);
  scan.work += end - start;
  // The mailbox of an address: it is read from its "@".
  if (text[end] === "@" && isOf(text, end + 1, alphanumeric)) return;
  if (text[start - 1] === "@" && /\.\D/.test(name) && readEmail(scan, span)) return;
  if (/^[\d.]+$/.test(name)) {
    if (name.includes(".")) return readNumbers(scan, span);
    return readAtoms(scan, span);
  }
  if ((name.length === 17 && name[2] === "-") || (name.length === 14 && name[4] === ".")) {
    const mac = kindRules.MAC.parse(name);
    if (mac.ok) {
      scan.found.push({ start, end, kind: "MAC", data: mac.data, confidence: "high" });
      return;
    }
  }
  if (name.length === 36 && name[10] === "_") {
    const ja4 = kindRules.JA4.parse(name);
    if (ja4.ok) {
      scan.found.push({ start, end, kind: "JA4", data: ja4.data, confidence: "high" });
      return;
    }
  }
  if (/^v\d{1,10}(?:\.\d{1,10}){3,}$/i.test(name) && !isWord(text, start - 1)) {
    scan.rejected.push({ start, end, reason: "it begins with a v: a version number" });
    return;
  }
  // "10.0.0.1-10.0.0.20"
  if (/^\d[\d.-]*\d$/.test(name) && name.includes(".")) {
    let from = start;
    for (const part of name.split("-")) {
      readNumbers(scan, { start: from, end: from + part.length });
      from += part.length + 1;
    }
    return;
  }
  if (name.includes(".")) readDotted(scan, span);
  else if (/\P{ASCII}/u.test(name)) readAsciiParts(scan, span);
  else readAtoms(scan, span);
}
