import { stepBytes, type Work } from "./in-slices.ts";

/**
 * Bytes as they read once ASCII capitals are small and escapes are undone. Where spans were asked for, byte i of the view stands for
 * the bytes `starts[i]` to `ends[i]` of the original.
 */
export interface View {
  readonly bytes: Buffer;
  readonly starts?: Uint32Array;
  readonly ends?: Uint32Array;
}

const [percent, backslash, ampersand, hash, semicolon] = [0x25, 0x5c, 0x26, 0x23, 0x3b];
const small = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte));
const digitOf = Int8Array.from({ length: 256 }, (_, byte) => {
  const digit = Number.parseInt(String.fromCharCode(byte), 16);
  return Number.isNaN(digit) ? -1 : digit;
});
const letterEscapes = new Map(
  [..."bfnrt"].map((letter, index) => [letter.charCodeAt(0), "\b\f\n\r\t".charCodeAt(index)]),
);
const entities = [
  ["&amp;", "&"],
  ["&lt;", "<"],
  ["&gt;", ">"],
  ["&quot;", '"'],
  ["&apos;", "'"],
].map(([name = "", text = ""]) => ({ name: Buffer.from(name), code: text.charCodeAt(0) }));

/** The bytes with small ASCII letters, the first of all views. */
export function* lowered(source: Uint8Array): Work<Buffer> {
  const bytes = Buffer.allocUnsafe(source.length);
  for (let from = 0; from < source.length; from += stepBytes) {
    const to = Math.min(source.length, from + stepBytes);
    for (let at = from; at < to; at += 1) bytes[at] = small[source[at] ?? 0] ?? 0;
    yield;
  }
  return bytes;
}

function digits(source: Uint8Array, from: number, to: number, base: 10 | 16): number {
  let number = 0;
  for (let at = from; at < to; at += 1) {
    const digit = digitOf[source[at] ?? 0] ?? -1;
    if (digit < 0 || digit >= base) return -1;
    number = number * base + digit;
  }
  return number;
}

/** What an escape stands for: a byte (as itself) or a character (its code plus `character`), times 32, plus its length; -1 for none. */
const character = 0x100;
const packed = (code: number, length: number): number => code * 32 + length;

function readEscape(source: Buffer, at: number): number {
  const lead = source[at];
  const next = source[at + 1] ?? 0;
  if (lead === percent || (lead === backslash && next === 0x78)) {
    const from = lead === percent ? at + 1 : at + 2;
    const byte = from + 2 <= source.length ? digits(source, from, from + 2, 16) : -1;
    return byte < 0 ? -1 : packed(byte, from + 2 - at);
  }
  if (lead === ampersand) return readEntity(source, at);
  if (lead !== backslash) return -1;
  if (next === 0x75) return readUnicodeEscape(source, at);
  const letter = letterEscapes.get(next);
  if (letter !== undefined) return packed(letter, 2);
  return next === 0x22 || next === 0x27 || next === 0x2f || next === backslash ? packed(next, 2) : -1;
}

function readUnicodeEscape(source: Buffer, at: number): number {
  if (at + 6 > source.length) return -1;
  const unit = digits(source, at + 2, at + 6, 16);
  if (unit < 0) return -1;
  const isPair = unit >= 0xd800 && unit < 0xdc00 && source[at + 6] === backslash && source[at + 7] === 0x75;
  const second = isPair && at + 12 <= source.length ? digits(source, at + 8, at + 12, 16) : -1;
  if (second >= 0xdc00 && second < 0xe000) {
    return packed(0x10000 + (unit - 0xd800) * 0x400 + (second - 0xdc00) + character, 12);
  }
  return packed(unit + character, 6);
}

function readEntity(source: Buffer, at: number): number {
  if (source[at + 1] !== hash) {
    const isHere = (name: Buffer): boolean =>
      source[at + 1] === name[1] && source.subarray(at, at + name.length).equals(name);
    const entity = entities.find(({ name }) => isHere(name));
    return entity === undefined ? -1 : packed(entity.code, entity.name.length);
  }
  const isHex = source[at + 2] === 0x78;
  const from = at + (isHex ? 3 : 2);
  let to = from;
  while (to < from + 8 && to < source.length && source[to] !== semicolon) to += 1;
  if (to === from || source[to] !== semicolon) return -1;
  const code = digits(source, from, to, isHex ? 16 : 10);
  return code < 0 || code > 0x10ffff ? -1 : packed(code + character, to + 1 - at);
}

/** Whether undoing escapes could change anything. */
export function hasEscapes(bytes: Buffer): boolean {
  return bytes.includes(percent) || bytes.includes(backslash) || bytes.includes(ampersand);
}

/** Twice for JSON in JSON or a URL in a query, twice more for what the value itself has that looks escaped. */
export const decodingsMax = 4;

/** Undoes percent-encoding, the escapes of JSON and those of HTML, once. No byte of the source makes more than one of the view. */
export function* decoded(source: View, withSpans: boolean): Work<View> {
  const from = source.bytes;
  const bytes = Buffer.allocUnsafe(from.length);
  const starts = withSpans ? new Uint32Array(from.length) : undefined;
  const ends = withSpans ? new Uint32Array(from.length) : undefined;
  const utf8 = Buffer.alloc(4);
  let length = 0;
  function put(byte: number, at: number, consumed: number): void {
    if (starts !== undefined && ends !== undefined) {
      starts[length] = source.starts?.[at] ?? at;
      ends[length] = source.ends?.[at + consumed - 1] ?? at + consumed;
    }
    bytes[length++] = small[byte] ?? 0;
  }
  /** Undoes the escapes that begin before `to`; gives where the last of them ends. */
  function undo(first: number, to: number): number {
    let at = first;
    while (at < to) {
      const byte = from[at] ?? 0;
      const escape = byte === percent || byte === backslash || byte === ampersand ? readEscape(from, at) : -1;
      const consumed = escape < 0 ? 1 : escape % 32;
      const code = escape < 0 ? byte : escape >> 5;
      if (code < character) put(code, at, consumed);
      else if (code < character + 0x80) put(code - character, at, consumed);
      else {
        const written = utf8.write(String.fromCodePoint(code - character));
        for (let part = 0; part < written; part += 1) put(utf8[part] ?? 0, at, consumed);
      }
      at += consumed;
    }
    return at;
  }
  for (let at = 0; at < from.length;) {
    at = undo(at, Math.min(from.length, at + stepBytes));
    yield;
  }
  return view(bytes, length, starts, ends);
}

// Line breaks, blanks and colons fall away; the alphabet of base64 for URLs becomes the other one.
const compactOf = Int16Array.from(small, (byte) => {
  if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09 || byte === 0x3a) return -1;
  return byte === 0x2d ? 0x2b : byte === 0x5f ? 0x2f : byte;
});

/** What base64 and hexadecimal are looked for in. */
export function* compacted(source: View, withSpans: boolean): Work<View> {
  const from = source.bytes;
  const bytes = Buffer.allocUnsafe(from.length);
  const starts = withSpans ? new Uint32Array(from.length) : undefined;
  const ends = withSpans ? new Uint32Array(from.length) : undefined;
  let length = 0;
  for (let at = 0; at < from.length; at += 1) {
    if (at % stepBytes === 0) yield;
    const byte = compactOf[from[at] ?? 0] ?? -1;
    if (byte < 0) continue;
    if (starts !== undefined && ends !== undefined) {
      starts[length] = source.starts?.[at] ?? at;
      ends[length] = source.ends?.[at] ?? at + 1;
    }
    bytes[length++] = byte;
  }
  return view(bytes, length, starts, ends);
}

function view(bytes: Buffer, length: number, starts?: Uint32Array, ends?: Uint32Array): View {
  return { bytes: bytes.subarray(0, length), ...(starts && ends ? { starts, ends } : {}) };
}
