import { kindRules } from "../kind-rules.ts";
import { parsePort } from "../kinds/ip-port.ts";
import { digit, hexLetter, isOf, isWord } from "./characters.ts";
import type { Confidence, Scan } from "./finding.ts";
import { type Span, spanCursor } from "./spans.ts";

/** The longest spelling of an IPv6 address has 45 characters. */
const runCharsMax = 64;
const ssdeepRest = /:[A-Za-z0-9+/]{3,64}:[A-Za-z0-9+/]{3,64}(?![A-Za-z0-9+/:])/y;
const prefixMark = /\/\d{1,3}(?![A-Za-z0-9_/.]\w)/y;
const bracketedPort = /\]:(\d{1,5})(?!\d)/y;

function isRun(text: string, index: number): boolean {
  return isOf(text, index, digit | hexLetter)
    ? text.charCodeAt(index) < 128
    : text[index] === ":" || text[index] === ".";
}

/** A fuzzy hash around its first colon; where it ends, or null. */
function readSsdeep(scan: Scan, colon: number): number | null {
  const { text } = scan.normal;
  let start = colon;
  while (start > 0 && colon - start <= 10 && isOf(text, start - 1, digit)) start--;
  if (start === colon || isWord(text, start - 1)) return null;
  ssdeepRest.lastIndex = colon;
  const rest = ssdeepRest.exec(text)?.[0];
  scan.work += 140;
  if (rest === undefined || colon - start + rest.length < 20) return null;
  const end = colon + rest.length;
  const parsed = kindRules.SSDEEP.parse(text.slice(start, end));
  if (!parsed.ok) return null;
  scan.found.push({ start, end, kind: "SSDEEP", data: parsed.data, confidence: "high" });
  return end;
}

function judgeIpv6(written: string): { confidence: Confidence; note?: string } {
  const groups = written.split(":").filter((group) => group !== "");
  if (!/\d/.test(written)) return { confidence: "low", note: "it has no digit: it may be program text" };
  if (groups.every((group) => /^\d{1,2}$/.test(group)) && groups.length > 1)
    return { confidence: "low", note: "it may be a time or a count" };
  return { confidence: groups.length >= 3 || groups.some((group) => group.length > 3) ? "high" : "medium" };
}

/** An IPv6 address with what belongs to it: a prefix length, or brackets and a port. */
function readIpv6(scan: Scan, { start, end }: Span, data: string): void {
  const { text } = scan.normal;
  const judged = judgeIpv6(text.slice(start, end));
  bracketedPort.lastIndex = end;
  const port = text[start - 1] === "[" ? bracketedPort.exec(text) : null;
  const number = port && parsePort(port[1] ?? "");
  if (port && number) {
    const whole = { start: start - 1, end: end + port[0].length };
    scan.found.push({ ...whole, kind: "IP_PORT", data: `[${data}]:${number}`, ...judged, confidence: "high" });
    return;
  }
  prefixMark.lastIndex = end;
  const prefix = prefixMark.exec(text)?.[0];
  const network = prefix === undefined ? null : kindRules.CIDR.parse(data + prefix);
  if (prefix !== undefined && network?.ok)
    scan.found.push({ start, end: end + prefix.length, kind: "CIDR", data: network.data, ...judged });
  else scan.found.push({ start, end, kind: "IPV6", data, ...judged });
}

function readRun(scan: Scan, from: number, to: number): void {
  const { text } = scan.normal;
  let [start, end] = [from, to];
  // "ip:2001:db8::1" and "2001:db8::1." and "2001:db8::1: it is …"
  while (start < end && (text[start] === "." || (text[start] === ":" && text[start + 1] !== ":"))) start++;
  while (end > start && (text[end - 1] === "." || (text[end - 1] === ":" && text[end - 2] !== ":"))) end--;
  const run = text.slice(start, end);
  const colons = run.split(":").length - 1;
  if (colons < 2 || /[A-Za-z0-9_]/.test(text[start - 1] ?? "") || isWord(text, end) || text[end] === "_") return;
  const mac = colons === 5 && run.length === 17 ? kindRules.MAC.parse(run) : null;
  if (mac?.ok) {
    scan.found.push({ start, end, kind: "MAC", data: mac.data, confidence: "high" });
    return;
  }
  if (!isOf(run, 0, digit | hexLetter) && run.length < 3) return;
  const parsed = kindRules.IPV6.parse(run);
  if (parsed.ok) readIpv6(scan, { start, end }, parsed.data);
  else if (colons > 3) scan.rejected.push({ start, end, reason: `it is not a valid IPv6 address: ${parsed.wrong}` });
}

/** Finds what has colons inside: IPv6 and MAC addresses, ssdeep. Each run of hexadecimal digits and colons is read once. */
export function scanColons(scan: Scan, urls: readonly Span[]): void {
  const { text } = scan.normal;
  const urlBeyond = spanCursor(urls);
  let done = 0;
  for (let colon = text.indexOf(":"); colon >= 0; colon = text.indexOf(":", done)) {
    scan.work += colon - done + 1;
    const url = urlBeyond(colon);
    if (url !== null && url.start <= colon) {
      done = url.end;
      continue;
    }
    const fuzzyEnd = readSsdeep(scan, colon);
    if (fuzzyEnd !== null) {
      done = fuzzyEnd;
      continue;
    }
    let [start, end] = [colon, colon + 1];
    while (start > done && colon - start < runCharsMax && isRun(text, start - 1)) start--;
    while (end < text.length && isRun(text, end)) end++;
    scan.work += end - start;
    if (end - start <= runCharsMax) readRun(scan, start, end);
    done = end;
  }
}
