import { decoded, decodingsMax, lowered } from "./decoded-view.ts";
import { finish } from "./in-slices.ts";

/** What one secret looks like somewhere; small letters, as in a view. */
export interface Needle {
  readonly bytes: Buffer;
  /** Neighbours that hold bits of the secret and of what stands beside it, as in base64. */
  readonly before: 0 | 1;
  readonly after: 0 | 1;
}

export interface Needles {
  /** Looked for in the text, and in the text with its escapes undone. */
  readonly text: readonly Needle[];
  /** Looked for in the compacted text. */
  readonly compact: readonly Needle[];
}

/** Characters below which a value is not looked for: it would be found everywhere. */
export const redactedCharsMin = 6;

const small = (bytes: Uint8Array): Buffer => finish(lowered(bytes));
const plain = (bytes: Uint8Array): Needle => ({ bytes: small(bytes), before: 0, after: 0 });

/** A value that itself looks escaped reads differently where escapes are undone. */
function readingsOf(value: Buffer): Buffer[] {
  const readings = [small(value)];
  for (let round = 0; round < decodingsMax; round += 1) {
    readings.push(finish(decoded({ bytes: readings[round] ?? value }, false)).bytes);
  }
  return readings;
}

/** The forms in which a value is looked for. None for a value that is too short. */
export function needlesOf(value: string): Needles {
  if ([...value].length < redactedCharsMin) return { text: [], compact: [] };
  const utf8 = Buffer.from(value);
  const forms = [
    utf8,
    ...readingsOf(utf8),
    Buffer.from([...value].toReversed().join("")),
    // Forms write a blank as a plus.
    Buffer.from(value.replaceAll(" ", "+")),
    Buffer.from(value, "utf16le"),
    Buffer.from(value, "utf16le").swap16(),
  ];
  // Headers are bytes: who reads them as Latin-1 gives each byte as a character.
  if (!/^[\u0020-\u007e]*$/.test(value)) forms.push(Buffer.from(utf8.toString("latin1")));
  if (/^[\u0020-\u00ff]*$/.test(value)) forms.push(Buffer.from(value, "latin1"));
  const text = new Map(forms.map((form) => [form.toString("latin1"), plain(form)]));
  return {
    text: [...text.values()].filter(({ bytes }) => bytes.length >= redactedCharsMin),
    compact: [plain(Buffer.from(utf8.toString("hex"))), ...[0, 1, 2].map((offset) => base64Needle(utf8, offset))],
  };
}

/** The form of a text that is made for this call and looked for as it is. */
export const plainNeedles = (text: string): Needles => ({ text: [plain(Buffer.from(text))], compact: [] });

/** The digits of base64 that depend on the value alone when it stands `offset` bytes after a group's beginning. */
function base64Needle(value: Buffer, offset: number): Needle {
  const digits = Buffer.concat([Buffer.alloc(offset), value])
    .toString("base64")
    .replace(/=+$/, "");
  const isOpenEnded = (offset + value.length) % 3 !== 0;
  const own = digits.slice(offset === 0 ? 0 : offset + 1, isOpenEnded ? -1 : undefined);
  return { ...plain(Buffer.from(own)), before: offset === 0 ? 0 : 1, after: isOpenEnded ? 1 : 0 };
}
