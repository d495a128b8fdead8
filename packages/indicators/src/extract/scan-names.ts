import { alphanumeric, isOf, nameMark } from "./characters.ts";
import type { Scan } from "./finding.ts";
import { readName } from "./read-name.ts";
import { type Span, spanCursor } from "./spans.ts";

/** No domain, address or hash is longer; neither is a name of a file that a person would want to be told of. */
const nameCharsMax = 320;

/** Cuts off what surrounds a name and is no part of it: full stops, hyphens of lists, the underscores of Markdown. */
function trimName(text: string, from: number, to: number): Span {
  let [start, end] = [from, to];
  while (start < end && (text[start] === "." || text[start] === "-")) start++;
  while (end > start && /[._-]/.test(text[end - 1] ?? "")) {
    if (text[end - 1] === "_" && text[start] === "_") start++;
    end--;
  }
  return { start: Math.min(start, end), end };
}

/**
 * Finds what consists of letters, digits, dots, hyphens and underscores: domains, e-mail addresses, IPv4 addresses,
 * hashes and so on, outside the spans that URLs take. Each run is read once, and only when it is short enough to be anything.
 */
export function scanNames(scan: Scan, urls: readonly Span[]): void {
  const { text } = scan.normal;
  const urlBeyond = spanCursor(urls);
  scan.work += text.length;
  let i = 0;
  while (i < text.length) {
    const url = urlBeyond(i);
    if (url !== null && url.start <= i) {
      i = url.end;
      continue;
    }
    if (!isOf(text, i, alphanumeric | nameMark)) {
      i++;
      continue;
    }
    const limit = url?.start ?? text.length;
    let end = i + 1;
    while (end < limit && isOf(text, end, alphanumeric | nameMark) && !(text[end] === "." && text[end - 1] === "."))
      end++;
    const name = trimName(text, i, end);
    if (name.end - name.start > nameCharsMax) {
      if (text.slice(name.start, name.start + nameCharsMax).includes("."))
        scan.rejected.push({ ...name, reason: "it is longer than any domain name, address or hash" });
    } else if (name.end > name.start) readName(scan, name);
    i = Math.max(end, scan.readTo);
  }
}
