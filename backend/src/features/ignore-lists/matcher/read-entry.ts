import type { EntryType, IgnoreListEntry } from "@assay/contract";
import { entryBytesMax } from "@assay/contract";
import { canonicalise, detect } from "@assay/indicators";
import { compileExpression } from "./expression.ts";
import { ExpressionError } from "./expression-parse.ts";

export type ReadEntry =
  | { readonly ok: true; readonly entry: IgnoreListEntry }
  | { readonly ok: false; readonly reason: string };

/** A shorter one would hold most indicators that there are. */
const substringCharsMin = 3;

/**
 * An entry in the one form that equal ones share, or what is wrong with it as the end of a sentence. Without a type it is told from
 * the value: a network or an address, an expression between slashes, a name, else the exact text.
 */
export function readEntry(text: string, type: EntryType | undefined, exception = false): ReadEntry {
  const value = text.trim();
  if (value === "") return wrong("is empty");
  if (Buffer.byteLength(value) > entryBytesMax) return wrong(`has more than ${entryBytesMax} bytes`);
  if (!value.isWellFormed() || value.includes("\0")) return wrong("has characters that are not text");
  const told = type ?? typeOf(value);
  const read = readers[told](value);
  return read.ok ? { ok: true, entry: { type: told, value: read.value, exception } } : read;
}

type Read = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly reason: string };
const right = (value: string): Read => ({ ok: true, value });
const wrong = (reason: string): { readonly ok: false; readonly reason: string } => ({ ok: false, reason });

function typeOf(value: string): EntryType {
  if (/^\/.+\/[a-z]*$/.test(value)) return "regex";
  if (canonicalise("CIDR", value).ok) return "cidr";
  return readName(value).ok ? "hostname" : "string";
}

const readers: Readonly<Record<EntryType, (value: string) => Read>> = {
  // The canonical form is what lookups have, so an entry has to have it too.
  string: (value) => right(detect(value)?.data ?? value),
  hostname: readName,
  cidr(value) {
    const network = canonicalise("CIDR", value);
    return network.ok ? right(network.data) : wrong(`is no address or network: ${network.reason}`);
  },
  substring: (value) =>
    value.length < substringCharsMin
      ? wrong(`is too short to be looked for: ${substringCharsMin} characters or more`)
      : right(value),
  regex(value) {
    try {
      const { source, ignoreCase } = expressionOf(value);
      const expression = compileExpression(source, ignoreCase);
      return expression.test("") ? wrong("matches the empty text, and so everything") : right(value);
    } catch (error) {
      if (error instanceof ExpressionError) return wrong(`is no expression that can be used: ${error.message}`);
      throw error;
    }
  },
};

/** A name, `*.` and a dot before it left out. One label alone, such as a top-level domain, is a name too. */
function readName(value: string): Read {
  const bare = value.replace(/^\*?\./, "").replace(/\.$/, "");
  for (const kind of ["DOMAIN", "ONION", "IPV4", "IPV6"] as const) {
    const canonical = canonicalise(kind, bare);
    if (canonical.ok) return right(canonical.data);
  }
  const label = bare.toLowerCase();
  return /^(?=.{1,63}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/.test(label) && !/^\d+$/.test(label)
    ? right(label)
    : wrong("is no host name");
}

/** The expression of an entry: `/…/i` as in MISP's lists, or bare. Only the flag i has a meaning here. */
export function expressionOf(value: string): { readonly source: string; readonly ignoreCase: boolean } {
  const slashed = /^\/(.+)\/([a-z]*)$/s.exec(value);
  if (!slashed) return { source: value, ignoreCase: false };
  const [, source = "", flags = ""] = slashed;
  const strange = flags.replaceAll(/[iugsmx]/g, "");
  if (strange !== "") throw new ExpressionError(`the flag ${strange} is not known`);
  if (/[smx]/.test(flags)) throw new ExpressionError("of the flags only i, g and u are taken");
  return { source, ignoreCase: flags.includes("i") };
}
