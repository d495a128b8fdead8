/** Longest URL that is taken, in characters; the same as for one indicator. */
export const urlCharsMax = 8192;

const closers: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };
const ends = /[\s\p{Cc}<>"`\u00ab\u00bb\u2018-\u201f\u3000-\u3003\u3008-\u3011\uff08\uff09\uff0c\uff1b]/u;
/** The characters of ASCII that never end a URL: nearly all that there are. */
const isPlain = Uint8Array.from({ length: 128 }, (_, code) =>
  /[A-Za-z0-9/.\-_=&%?#+~:@]/.test(String.fromCharCode(code)) ? 1 : 0,
);
const trailing = new Set([".", ",", ";", ":", "!", "?", "'", "*", "_", "~", "|", "\\", "…"]);
/** In lists and tables the next URL, or the next field, begins right behind the separator. */
const nextEntry =
  /[,;|](?:(?:h[tx*_]{2}ps?|f[tx]ps?):|(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?![\w./=&-])|\d{1,3}(?:\.\d{1,3}){3}(?![\w.])|[0-9a-f]{32,128}(?![\w.]))/iy;

/** Whether a URL cannot go on at the index. `openQuote` is the apostrophe that stands before it, if one does. */
function endsAt(text: string, index: number, openQuote: string | null): boolean {
  const code = text.charCodeAt(index);
  if (isPlain[code] === 1) return false;
  const character = text[index] ?? "";
  if (ends.test(character) || character === openQuote) return true;
  // "\n", "\t" and "\"" of JSON and of program text.
  if (character === "\\") return /["'nrtux\\]/.test(text[index + 1] ?? "");
  if (character !== "," && character !== ";" && character !== "|") return false;
  nextEntry.lastIndex = index;
  return nextEntry.test(text);
}

/**
 * Where a URL that begins at `start` ends: before spaces, quotes and the next entry of a list, without the sentence's
 * full stop, Markdown's marks, and brackets that were opened before it: "(see http://a.example/b)". `scanned` is how far it looked.
 */
export function urlEnd(text: string, start: number): { readonly end: number; readonly scanned: number } {
  const openQuote = text[start - 1] === "'" ? "'" : null;
  const last = Math.min(text.length, start + urlCharsMax + 1);
  const depth: Record<string, number> = { "(": 0, "[": 0, "{": 0 };
  let scanned = start;
  for (; scanned < last && !endsAt(text, scanned, openQuote); scanned++) {
    const character = text[scanned] ?? "";
    if (character in depth) depth[character]!++;
    const opener = closers[character];
    if (opener !== undefined && --depth[opener]! < 0) break;
  }
  let end = scanned;
  while (end > start && trailing.has(text[end - 1] ?? "")) end--;
  return { end, scanned };
}
