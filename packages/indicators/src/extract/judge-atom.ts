import type { IndicatorKind } from "../indicator-kind.ts";
import { kindRules } from "../kind-rules.ts";
import type { Confidence } from "./finding.ts";

/** What a run of letters and digits is: an indicator, something that only looks like one, or nothing. */
export type AtomJudgement =
  | { readonly kind: IndicatorKind; readonly data: string; readonly confidence: Confidence; readonly note?: string }
  | { readonly reason: string }
  | null;

const hashOfLength: ReadonlyMap<number, IndicatorKind> = new Map([
  [32, "MD5"],
  [40, "SHA1"],
  [62, "JARM"],
  [64, "SHA256"],
  [128, "SHA512"],
]);
const labelledMd5 = /(ja3s?|imp_?hash)\W{0,4}(?:(?:hash|digest|fingerprint|md5)\W{0,4})?$/i;

function judgeHex(text: string, before: string): AtomJudgement {
  const kind = hashOfLength.get(text.length);
  if (kind === undefined)
    return text.length > 32 && /[a-f]/i.test(text) && /\d/.test(text)
      ? { reason: `it has ${text.length} hexadecimal digits: no hash is that long` }
      : null;
  const data = text.toLowerCase();
  // Thirty-two times the same digit, or digits alone: a filler, a serial number, a time.
  if (/^(.)\1*$/.test(data)) return { reason: "it is one digit repeated: a placeholder" };
  if (!/[a-f]/.test(data)) return { kind, data, confidence: "low", note: "it has decimal digits only" };
  const label = kind === "MD5" ? labelledMd5.exec(before)?.[1]?.toLowerCase() : undefined;
  if (label) return { kind: label.startsWith("ja3") ? "JA3" : "IMPHASH", data, confidence: "high" };
  return { kind, data, confidence: "high" };
}

/** An address with a checksum: right, or dropped with what is wrong with it where it is plainly meant as one. */
function judgeAddress(kind: "BTC" | "ETH", text: string, isPlain: boolean): AtomJudgement {
  const parsed = kindRules[kind].parse(text);
  if (parsed.ok) return { kind, data: parsed.data, confidence: "high" };
  return isPlain ? { reason: `it is not a valid address: ${parsed.wrong}` } : null;
}

/** Judges letters and digits with nothing else between them; `before` is the text in front of it, 32 characters at most. Linear. */
export function judgeAtom(text: string, before: string): AtomJudgement {
  const { length } = text;
  if (length >= 3 && length <= 13 && /^asn?\d/i.test(text)) {
    const parsed = kindRules.ASN.parse(text);
    if (!parsed.ok) return { reason: parsed.wrong };
    return { kind: "ASN", data: parsed.data, confidence: text.startsWith("AS") && length > 4 ? "high" : "medium" };
  }
  if (/^\d{1,10}$/.test(text) && /(?:^|[^A-Za-z0-9])(?:AS|ASN)[ :#]{1,2}$/.test(before)) {
    const parsed = kindRules.ASN.parse(text);
    return parsed.ok ? { kind: "ASN", data: parsed.data, confidence: "medium" } : null;
  }
  if (length < 25 || length > 256) return null;
  if (/^[0-9a-fA-F]+$/.test(text)) return judgeHex(text, before);
  if (length === 72 && /^t1/i.test(text)) {
    const parsed = kindRules.TLSH.parse(text);
    return parsed.ok ? { kind: "TLSH", data: parsed.data, confidence: "high" } : null;
  }
  if (length === 42 && text.startsWith("0x")) return judgeAddress("ETH", text, true);
  if (/^bc1/i.test(text) && length <= 90) return judgeAddress("BTC", text, length === 42 || length === 62);
  if (/^[13]/.test(text) && length <= 35) return judgeAddress("BTC", text, false);
  return null;
}
