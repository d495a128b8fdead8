import { compacted, decoded, hasEscapes, lowered, type View } from "./decoded-view.ts";
import type { Needle, Needles } from "./value-needles.ts";

/** A secret and what is put in its place. */
export interface Redaction {
  readonly needles: Needles;
  readonly replacement: string;
}

/**
 * The search is for the first 64 bytes; what follows is taken as far as it is the secret's. That bounds the work per byte of the
 * text, whatever the secret and the text, and finds a long secret that was cut off.
 */
const headBytes = 64;
const isBase64Digit = (byte: number | undefined): boolean =>
  byte !== undefined && /^[a-z0-9+/]$/.test(String.fromCharCode(byte));

interface Views {
  readonly text: readonly View[];
  readonly compact: View;
}

function viewsOf(source: Uint8Array, withSpans: boolean): Views {
  const text: View[] = [{ bytes: lowered(source) }];
  // Twice: JSON in JSON, a URL in a query.
  for (let round = 0; round < 2; round += 1) {
    const last = text.at(-1);
    if (last !== undefined && hasEscapes(last.bytes)) text.push(decoded(last, withSpans));
  }
  return { text, compact: compacted(text.at(-1) ?? { bytes: Buffer.alloc(0) }, withSpans) };
}

/** Told of each place: from where to where. True ends the search. */
type OnPlace = (start: number, end: number) => boolean;

function searchFor({ bytes, before, after }: Needle, view: View, onPlace: OnPlace): boolean {
  const { bytes: haystack, starts, ends } = view;
  const head = bytes.subarray(0, headBytes);
  let end = 0;
  for (let at = haystack.indexOf(head); at >= 0; at = haystack.indexOf(head, end)) {
    end = at + head.length;
    for (let next = head.length; next < bytes.length && haystack[end] === bytes[next]; next += 1) end += 1;
    const first = before === 1 && isBase64Digit(haystack[at - 1]) ? at - 1 : at;
    if (after === 1 && isBase64Digit(haystack[end])) end += 1;
    if (onPlace(starts?.[first] ?? first, ends?.[end - 1] ?? end)) return true;
  }
  return false;
}

function search({ needles }: Redaction, { text, compact }: Views, onPlace: OnPlace): boolean {
  return (
    text.some((view) => needles.text.some((needle) => searchFor(needle, view, onPlace))) ||
    needles.compact.some((needle) => searchFor(needle, compact, onPlace))
  );
}

/** Which of the secrets the bytes hold, in any of the forms that are looked for. */
export function secretsIn<Known extends Redaction>(source: Uint8Array, redactions: readonly Known[]): Known[] {
  if (redactions.length === 0 || source.length === 0) return [];
  const views = viewsOf(source, false);
  return redactions.filter((redaction) => search(redaction, views, () => true));
}

/**
 * The bytes with every secret replaced; the very same buffer when there is none. What touches another find is taken as part of it.
 * Takes time in proportion to the bytes and the number of secrets.
 */
export function redactBytes(source: Buffer, redactions: readonly Redaction[]): Buffer {
  // Where each byte came from is worked out only when there is something to replace.
  const present = secretsIn(source, redactions);
  if (present.length === 0) return source;
  const views = viewsOf(source, true);
  const owners = new Uint8Array(source.length);
  for (const [index, redaction] of present.entries()) {
    search(redaction, views, (start, end) => {
      owners.fill(index + 1, start, end);
      return false;
    });
  }
  const parts: Buffer[] = [];
  const replacements = present.map(({ replacement }) => Buffer.from(replacement));
  for (let at = 0; at < source.length;) {
    const start = at;
    const owner = owners[at] ?? 0;
    while (at < source.length && (owners[at] === 0) === (owner === 0)) at += 1;
    parts.push((owner === 0 ? undefined : replacements[owner - 1]) ?? source.subarray(start, at));
  }
  return Buffer.concat(parts);
}

/** The same for a text. */
export function redactText(text: string, redactions: readonly Redaction[]): string {
  if (redactions.length === 0 || text === "") return text;
  const bytes = Buffer.from(text);
  const redacted = redactBytes(bytes, redactions);
  return redacted === bytes ? text : redacted.toString("utf8");
}

/** The same for valid JSON text, which stays valid: each string and number is looked at by itself. */
export function redactJson(json: string, redactions: readonly Redaction[]): string {
  if (secretsIn(Buffer.from(json), redactions).length === 0) return json;
  return json.replaceAll(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) => {
    const text = token.startsWith('"') ? String(JSON.parse(token)) : token;
    const redacted = redactText(text, redactions);
    return redacted === text ? token : JSON.stringify(redacted);
  });
}
