import { refang } from "./refang.ts";
import { trimInvisible } from "./trim-invisible.ts";

/** One way to read what was pasted. */
export interface Reading {
  readonly text: string;
  /** True when marks such as [.] had to be undone to get it. */
  readonly refanged: boolean;
}

const wrappers: readonly (readonly [string, string])[] = [
  ['"', '"'],
  ["'", "'"],
  ["`", "`"],
  ["<", ">"],
  ["(", ")"],
  ["\u201c", "\u201d"],
  ["\u2018", "\u2019"],
  ["\u00ab", "\u00bb"],
];

/** Takes off what prose puts around an indicator: a comma after it, quotes, "Name <address>". */
function unwrap(text: string): string {
  let bare = text;
  while (bare.endsWith(",") || bare.endsWith(";")) bare = bare.slice(0, -1);
  for (const [open, close] of wrappers) {
    if (bare.length > 2 && bare.startsWith(open) && bare.endsWith(close)) return trimInvisible(bare.slice(1, -1));
  }
  const open = bare.endsWith(">") ? bare.lastIndexOf("<") : -1;
  return open < 0 ? trimInvisible(bare) : trimInvisible(bare.slice(open + 1, -1));
}

/** The ways to read a pasted text, the most literal first: what is an indicator as it stands is never rewritten. */
export function readingsOf(text: string): Reading[] {
  const literal = trimInvisible(text);
  const unwrapped = unwrap(literal);
  const readings: Reading[] = [];
  for (const base of new Set([literal, unwrapped])) {
    readings.push({ text: base, refanged: false });
    const bare = refang(base);
    if (bare !== base) readings.push({ text: bare, refanged: true });
  }
  return readings.filter((reading) => reading.text !== "");
}
