import { kindRules } from "../kind-rules.ts";
import { isOf, isWord, digit } from "./characters.ts";
import type { Scan } from "./finding.ts";

const cve = /CVE[-_\s\u2010-\u2015]\d{4}[-_\s\u2010-\u2015]\d{1,19}(?!\d)/gi;
const hive = /HK(?:EY_[A-Z_]{5,16}|LM|CU|CR|U|CC):?(?=\\)/gi;
const phone = /\+(?=[1-9])/g;
const keyCharsMax = 1024;
const phoneCharsMax = 32;

/** A space belongs to a key where, a few words on, a backslash follows: "Windows NT\CurrentVersion". */
const spaceInKey = / [\p{L}\p{N}_.-]{1,40}(?: [\p{L}\p{N}_.-]{1,40}){0,2}\\/uy;

function scanCves(scan: Scan): void {
  const { text } = scan.normal;
  for (const { 0: match, index: start } of text.matchAll(cve)) {
    const end = start + match.length;
    if (isWord(text, start - 1)) continue;
    const parsed = kindRules.CVE.parse(match);
    if (parsed.ok) scan.found.push({ start, end, kind: "CVE", data: parsed.data, confidence: "high" });
    else scan.rejected.push({ start, end, reason: `it is not a valid CVE identifier: ${parsed.wrong}` });
  }
}

function keyEnd(text: string, start: number): number {
  const last = Math.min(text.length, start + keyCharsMax);
  let end = start;
  for (; end < last; end++) {
    const character = text[end] ?? "";
    if (character === " ") {
      spaceInKey.lastIndex = end;
      if (!spaceInKey.test(text)) break;
    } else if (/[\s\p{Cc}"'`<>|?*,;()[\]{}\u00ab\u00bb\u2018-\u201f]/u.test(character)) break;
    else if (character === "\\" && /["'\s]/.test(text[end + 1] ?? "")) break;
  }
  while (end > start && /[.:!\\]/.test(text[end - 1] ?? "")) end--;
  return end;
}

function scanRegistryKeys(scan: Scan): void {
  const { text } = scan.normal;
  hive.lastIndex = 0;
  for (let hit = hive.exec(text); hit; hit = hive.exec(text)) {
    if (isWord(text, hit.index - 1)) continue;
    const end = keyEnd(text, hit.index + hit[0].length);
    scan.work += (end - hit.index) * 4;
    const parsed = kindRules.REGISTRY_KEY.parse(text.slice(hit.index, end));
    if (parsed.ok)
      scan.found.push({ start: hit.index, end, kind: "REGISTRY_KEY", data: parsed.data, confidence: "high" });
    hive.lastIndex = Math.max(end, hit.index + 1);
  }
}

/** Where a number with 7 to 15 digits ends that begins with the plus sign, or null. */
function phoneEnd(text: string, plus: number): number | null {
  const last = Math.min(text.length, plus + phoneCharsMax);
  let [digits, end, groupEnd, groupDigits] = [0, plus + 1, plus + 1, 0];
  for (; end < last && digits <= 15; end++) {
    if (isOf(text, end, digit)) digits++;
    else if (/[\s().\-/\u00a0\u2012-\u2015]/.test(text[end] ?? "") && !/[\n\r\t]/.test(text[end] ?? "")) {
      if (isOf(text, end - 1, digit)) [groupEnd, groupDigits] = [end, digits];
      if (text[end] === " " && text[end - 1] === " ") break;
    } else break;
  }
  // A digit too many: the last group is something else.
  if (digits <= 15 && isOf(text, end - 1, digit) && !isOf(text, end, digit)) [groupEnd, groupDigits] = [end, digits];
  return groupDigits >= 7 && groupDigits <= 15 ? groupEnd : null;
}

function scanPhones(scan: Scan): void {
  const { text } = scan.normal;
  for (const { index: plus } of text.matchAll(phone)) {
    if (isWord(text, plus - 1) || text[plus - 1] === "+") continue;
    scan.work += phoneCharsMax;
    const end = phoneEnd(text, plus);
    if (end === null || isWord(text, end)) continue;
    const written = text.slice(plus, end);
    // "+1.2345678" is a number with decimals.
    if (/^\+\d+\.\d+$/.test(written)) continue;
    const parsed = kindRules.PHONE.parse(written);
    const isCalled = /tel:$/i.test(text.slice(Math.max(0, plus - 4), plus));
    if (parsed.ok)
      scan.found.push({ start: plus, end, kind: "PHONE", data: parsed.data, confidence: isCalled ? "high" : "medium" });
  }
}

/** Finds what announces itself by how it begins: CVE-…, HKLM\…, +49 …. Every look ahead is bounded. */
export function scanMarked(scan: Scan): void {
  scan.work += scan.normal.text.length * 3;
  scanCves(scan);
  scanRegistryKeys(scan);
  scanPhones(scan);
}
