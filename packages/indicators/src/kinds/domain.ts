import { getPublicSuffix, parse as parseHostname } from "tldts";
import { type KindRule, type ParseResult, right, wrong } from "../kind-rule.ts";
import { defangDots } from "../defang-marks.ts";

const labelShape = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/** Names that mean something inside networks though nobody can register them. */
const specialUseSuffixes = new Set([
  "local",
  "localdomain",
  "lan",
  "home",
  "corp",
  "internal",
  "intranet",
  "private",
  "test",
  "example",
  "invalid",
  "localhost",
  "arpa",
  "bit",
]);

/**
 * A host name as ASCII in lower case, without the root's dot. Labels beginning with xn-- are kept as they are, valid or
 * not: what was seen in the wild must stay searchable.
 */
export function parseDomain(text: string): ParseResult {
  if (text.length > 1024) return wrong("it is longer than a domain name can be");
  const forbidden = /[\s/?#@:\\%[\]<>^|"'`{}()*,;!$&+=~]/.exec(text);
  if (forbidden) return wrong(`the character “${forbidden[0]}” cannot be part of a domain name`);
  let ascii = text.toLowerCase();
  if (/\P{ASCII}/u.test(ascii)) {
    if (!URL.canParse(`http://${ascii}/`))
      return wrong("it has characters that no internationalised domain name may have");
    ascii = new URL(`http://${ascii}/`).hostname;
  }
  if (ascii.endsWith(".")) ascii = ascii.slice(0, -1);
  if (ascii.length > 253) return wrong("it is longer than the 253 characters that a domain name can have");
  const labels = ascii.split(".");
  if (labels.length < 2) return wrong("it has no dot");
  for (const label of labels) {
    if (label === "") return wrong("it has an empty label (two dots in a row, or one at the start)");
    if (label.length > 63) return wrong(`the label “${label.slice(0, 20)}…” is longer than 63 characters`);
    if (!labelShape.test(label)) return wrong(`“${label}” is not a valid label`);
  }
  const last = labels.at(-1) ?? "";
  if (/^(?:\d+|0x[0-9a-f]*)$/.test(last)) return wrong(`“${last}” cannot be a top-level domain`);
  return right(ascii);
}

/** True where the name ends in a suffix that the public suffix list, or a special-use registry, knows. */
export function hasKnownSuffix(domain: string): boolean {
  const found = parseHostname(domain, { extractHostname: false, validateHostname: false });
  if (found.isIcann || found.isPrivate) return true;
  const suffix = getPublicSuffix(domain, { extractHostname: false, validateHostname: false });
  return specialUseSuffixes.has(suffix ?? "");
}

export const domainRule: KindRule = {
  parse: (text) => {
    const parsed = parseDomain(text);
    return parsed.ok && parsed.data.endsWith(".onion")
      ? wrong("it is an onion service, which is a kind of its own")
      : parsed;
  },
  recognises: (text) => {
    const parsed = domainRule.parse(text);
    return parsed.ok && hasKnownSuffix(parsed.data);
  },
  defang: defangDots,
};
