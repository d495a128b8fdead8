import type { Confidence } from "./finding.ts";
import { parseIpv4 } from "../kinds/ip.ts";

/** What numbers with dots between are. */
export type NumbersJudgement =
  | { readonly address: string; readonly confidence: Confidence; readonly note?: string }
  | { readonly reason: string }
  | null;

const versionWord = /(?:^|[^a-z])(?:version|release|build|ver|rev|firmware|v)[\s:=."'(]{0,3}$/i;

/** Judges digits and dots; `before` is the text in front, 32 characters at most. Three numbers or fewer are no address to anybody. */
export function judgeNumbers(text: string, before: string, isDefanged: boolean): NumbersJudgement {
  const parts = text.split(".");
  if (parts.length < 4) return null;
  if (parts.length > 4)
    return { reason: `it has ${parts.length} numbers where an address has four: a version or an object identifier` };
  const parsed = parseIpv4(text);
  if (!parsed.ok) return { reason: `it is not a valid IPv4 address: ${parsed.wrong}` };
  if (versionWord.test(before) && !isDefanged)
    return { address: text, confidence: "low", note: "it follows the word version, or one like it" };
  if (
    parts.every((part) => part.length === 1) &&
    !isDefanged &&
    !/^(\d)\.\1\.\1\.\1$/.test(text) &&
    Number(parts[0]) < 8
  )
    return { address: text, confidence: "medium", note: "it could be a version number" };
  return { address: text, confidence: "high" };
}
