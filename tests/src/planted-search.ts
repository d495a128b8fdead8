import type { Dirent } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Something that must stand nowhere, under the name that a failing test tells. */
export interface Planted {
  readonly name: string;
  readonly value: string | Buffer;
}

/** Where is searched. */
export interface Place {
  readonly name: string;
  readonly content: Buffer;
}

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");
const formBytesMin = 8;

/** How a value may be written: as it is, escaped for JSON (also twice), CSV, URLs, in hexadecimal digits and in base64 at any offset. */
export function formsOf(value: string | Buffer): Map<string, string> {
  const bytes = Buffer.from(value);
  const text = bytes.toString("utf8");
  const json = JSON.stringify(text).slice(1, -1);
  const forms: [string, string][] = [
    ["plain", latin1(bytes)],
    ["JSON", latin1(Buffer.from(json))],
    ["JSON in JSON", latin1(Buffer.from(JSON.stringify(json).slice(1, -1)))],
    ["doubled quotes", latin1(Buffer.from(text.replaceAll('"', '""')))],
    ["hexadecimal", bytes.toString("hex")],
    ["every byte in percent-encoding", bytes.toString("hex").replaceAll(/../g, "%$&")],
    ["form encoding", new URLSearchParams({ "": text }).toString().slice(1)],
  ];
  if (text.isWellFormed()) forms.push(["percent-encoding", encodeURIComponent(text)]);
  for (const offset of [0, 1, 2]) {
    const whole = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .replaceAll("=", "");
    // The digits at the ends hold bits of what stands beside the value.
    const sure = whole.slice(offset === 0 ? 0 : offset + 1, (offset + bytes.length) % 3 === 0 ? undefined : -1);
    forms.push([`base64, offset ${offset}`, sure]);
    forms.push([`base64url, offset ${offset}`, sure.replaceAll("+", "-").replaceAll("/", "_")]);
  }
  return new Map(forms.filter(([, text], at) => forms.findIndex(([, other]) => other === text) === at));
}

interface Needle {
  readonly what: string;
  readonly bytes: Buffer;
}

const small = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte));
const lowered = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => small[byte] ?? 0));

/** Tells every value that is in a place, and how it is written there; capitals and small letters are one. One pass, whatever the number of values. */
export function createSearch(planted: readonly Planted[]): (place: Place) => string[] {
  const byHead = new Map<number, Needle[]>();
  // Most places of a file are ruled out by this alone: one cell per beginning of three bytes.
  const heads = new Uint8Array(1 << 24);
  for (const { name, value } of planted) {
    for (const [form, text] of formsOf(value)) {
      const bytes = lowered(Buffer.from(text, "latin1"));
      if (bytes.length < formBytesMin) throw new Error(`${name} is too short to be looked for (${form})`);
      const head = bytes.readUIntBE(0, 3);
      heads[head] = 1;
      byHead.set(head, [...(byHead.get(head) ?? []), { what: `${name} (${form})`, bytes }]);
    }
  }
  return ({ name, content }) => {
    const found = new Set<string>();
    const bytes = lowered(content);
    let head = 0;
    for (let at = 0; at < bytes.length; at++) {
      head = ((head << 8) | (bytes[at] ?? 0)) & 0xffffff;
      if (heads[head] === 0) continue;
      for (const needle of byHead.get(head) ?? []) {
        const start = at - 2;
        if (start >= 0 && bytes.subarray(start, start + needle.bytes.length).equals(needle.bytes)) {
          found.add(
            `${needle.what} in ${name}, near ${JSON.stringify(latin1(content.subarray(Math.max(0, start - 60), start)))}`,
          );
        }
      }
    }
    return [...found];
  };
}

/** Every file below a folder but those that are left out, by path below it. Files that vanish meanwhile are not told. */
export async function filesBelow(folder: string, isLeftOut: (path: string) => boolean): Promise<Place[]> {
  const entries: Dirent[] = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const places: Place[] = [];
  for (const path of paths) {
    const name = path.slice(folder.length + 1);
    if (isLeftOut(name)) continue;
    const content = await readFile(path).catch(() => null);
    if (content) places.push({ name: `the file ${name}`, content });
  }
  return places;
}
