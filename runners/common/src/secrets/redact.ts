import { sandboxLimits } from "../executor.ts";
import { compacted, decoded, decodingsMax, hasEscapes, lowered, type View } from "./decoded-view.ts";
import { finish, stepBytes, type Work } from "./in-slices.ts";
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

function* viewsOf(source: Uint8Array, withSpans: boolean): Work<Views> {
  let last: View = { bytes: yield* lowered(source) };
  const text = [last];
  for (let round = 0; round < decodingsMax && hasEscapes(last.bytes); round += 1) {
    const next = yield* decoded(last, withSpans);
    // Every escape is longer than what it stands for.
    if (next.bytes.length === last.bytes.length) break;
    text.push(next);
    last = next;
  }
  return { text, compact: yield* compacted(last, withSpans) };
}

/** Told of each place: from where to where. True ends the search. */
type OnPlace = (start: number, end: number) => boolean;

function* searchFor({ bytes, before, after }: Needle, view: View, onPlace: OnPlace): Work<boolean> {
  const { bytes: haystack, starts, ends } = view;
  const head = bytes.subarray(0, headBytes);
  let paused = 0;
  for (let from = 0; from < haystack.length;) {
    if (from - paused >= stepBytes) {
      paused = from;
      yield;
    }
    const part = haystack.subarray(from, from + stepBytes + head.length - 1);
    const found = part.indexOf(head);
    if (found < 0) {
      from += stepBytes;
      continue;
    }
    const at = from + found;
    let end = at + head.length;
    for (let next = head.length; next < bytes.length && haystack[end] === bytes[next]; next += 1) end += 1;
    const first = before === 1 && isBase64Digit(haystack[at - 1]) ? at - 1 : at;
    if (after === 1 && isBase64Digit(haystack[end])) end += 1;
    if (onPlace(starts?.[first] ?? first, ends?.[end - 1] ?? end)) return true;
    from = end;
  }
  return false;
}

function* search({ needles }: Redaction, { text, compact }: Views, onPlace: OnPlace): Work<boolean> {
  for (const view of text) {
    for (const needle of needles.text) if (yield* searchFor(needle, view, onPlace)) return true;
  }
  for (const needle of needles.compact) if (yield* searchFor(needle, compact, onPlace)) return true;
  return false;
}

/** Which of the secrets the bytes hold, in any of the forms that are looked for. */
export function* secretsIn<Known extends Redaction>(source: Uint8Array, redactions: readonly Known[]): Work<Known[]> {
  if (redactions.length === 0 || source.length === 0) return [];
  const views = yield* viewsOf(source, false);
  const found: Known[] = [];
  for (const redaction of redactions) if (yield* search(redaction, views, () => true)) found.push(redaction);
  return found;
}

interface Finds {
  /** Whether something of a secret is in this part of the bytes. */
  isIn(from: number, to: number): boolean;
  /** This part with replacements. */
  replace(from: number, to: number): Work<Buffer>;
}

/** Finds every place of every secret; undefined when there is none. */
function* findAll(source: Buffer, redactions: readonly Redaction[]): Work<Finds | undefined> {
  // Where each byte came from is worked out only when there is something to replace.
  const present = yield* secretsIn(source, redactions);
  if (present.length === 0) return undefined;
  const views = yield* viewsOf(source, true);
  const owners = new Uint8Array(source.length);
  for (const [index, redaction] of present.entries()) {
    yield* search(redaction, views, (start, end) => {
      owners.fill(index + 1, start, end);
      return false;
    });
  }
  const replacements = present.map(({ replacement }) => Buffer.from(replacement));
  function isIn(from: number, to: number): boolean {
    for (let at = from; at < to; at += 1) if (owners[at] !== 0) return true;
    return false;
  }
  function* replace(from: number, to: number): Work<Buffer> {
    const parts: Buffer[] = [];
    let length = 0;
    // Beyond the limit nothing is taken in any case: a short value that stands there a million times must not make more of it.
    for (let at = from; at < to && length <= sandboxLimits.messageBytesMax;) {
      const start = at;
      const owner = owners[at] ?? 0;
      while (at < to && (owners[at] === 0) === (owner === 0)) at += 1;
      const part = replacements[owner - 1] ?? source.subarray(start, at);
      length += part.length;
      if (parts.push(part) % 1024 === 0) yield;
    }
    return Buffer.concat(parts);
  }
  return { isIn, replace };
}

/**
 * The bytes with every secret replaced; the very same buffer when there is none. What touches another find is taken as part of it.
 * Takes time in proportion to the bytes and the number of secrets. More than fits into a message is cut.
 */
export function* redactBytes(source: Buffer, redactions: readonly Redaction[]): Work<Buffer> {
  const finds = yield* findAll(source, redactions);
  return finds === undefined ? source : yield* finds.replace(0, source.length);
}

/** The same for a text, which has to be short: it is done at once. */
export function redactText(text: string, redactions: readonly Redaction[]): string {
  if (redactions.length === 0 || text === "") return text;
  const bytes = Buffer.from(text);
  const redacted = finish(redactBytes(bytes, redactions));
  return redacted === bytes ? text : redacted.toString("utf8");
}

interface Token {
  /** Where it stands in the JSON text. */
  readonly from: number;
  readonly to: number;
  /** Where its text stands among the bytes of all texts. */
  readonly textFrom: number;
  readonly textTo: number;
}

const jsonToken = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;
/** Between the texts of tokens, so that nothing is found across them: no value has control characters. */
const separator = "\u0001";

/** The same for valid JSON text, which stays valid: only what strings and numbers say is looked through. */
export function* redactJson(json: string, redactions: readonly Redaction[]): Work<string> {
  if ((yield* secretsIn(Buffer.from(json), redactions)).length === 0) return json;
  const tokens: Token[] = [];
  let texts = "";
  let textFrom = 0;
  for (const { 0: token, index } of json.matchAll(jsonToken)) {
    const text = token.startsWith('"') ? String(JSON.parse(token)) : token;
    const textTo = textFrom + Buffer.byteLength(text);
    texts += text + separator;
    if (tokens.push({ from: index, to: index + token.length, textFrom, textTo }) % 1024 === 0) yield;
    textFrom = textTo + separator.length;
  }
  const finds = yield* findAll(Buffer.from(texts), redactions);
  if (finds === undefined) return json;
  const parts: string[] = [];
  let kept = 0;
  for (const [index, { from, to, textFrom: first, textTo }] of tokens.entries()) {
    if (index % 1024 === 0) yield;
    if (!finds.isIn(first, textTo)) continue;
    const redacted = yield* finds.replace(first, textTo);
    parts.push(json.slice(kept, from), JSON.stringify(redacted.toString("utf8")));
    kept = to;
  }
  return parts.join("") + json.slice(kept);
}
