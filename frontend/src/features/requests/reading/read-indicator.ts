import { canonicalise, defang, detect, extract, type IndicatorKind } from "@assay/indicators";

/** What stands in the box, read as one indicator. */
export type Reading =
  | { readonly state: "empty" }
  /** The rules of the kinds are not here yet, or could not be loaded: the server reads it. */
  | { readonly state: "unjudged"; readonly fitting: readonly IndicatorKind[] }
  | {
      readonly state: "read";
      readonly kind: IndicatorKind;
      /** The canonical form: what is asked. */
      readonly data: string;
      readonly refanged: boolean;
      /** Kinds that the text could be, the detected one first. */
      readonly fitting: readonly IndicatorKind[];
    }
  | {
      readonly state: "unread";
      readonly reason: string;
      readonly fitting: readonly IndicatorKind[];
      /** How many indicators stand in the text, which is none itself. */
      readonly within: number;
    };

const none =
  "No indicator that Assay knows. Paste one IP address, domain, URL, hash, e-mail address, CVE or the like, or choose its kind.";
const several = "There is more than one indicator in this text. Press Enter to see them all.";
const single = "There is an indicator in this text. Press Enter to see it.";

/** Reads the text as the chosen kind, or detects the kind when none is chosen. */
export function readIndicator(text: string, chosen: IndicatorKind | null): Reading {
  if (text.trim() === "") return { state: "empty" };
  const detection = detect(text);
  const fitting = detection === null ? [] : [detection.kind, ...detection.alternatives];
  if (chosen !== null && chosen !== detection?.kind) {
    const result = canonicalise(chosen, text);
    if (!result.ok) return { state: "unread", reason: `${result.reason}.`, fitting, within: 0 };
    return { state: "read", kind: chosen, data: result.data, refanged: detection?.refanged ?? false, fitting };
  }
  if (detection !== null) return { state: "read", ...detection, fitting };
  const within = extract(text).indicators.length;
  return { state: "unread", reason: within === 0 ? none : within === 1 ? single : several, fitting, within };
}

/** The canonical form of what is searched for; what is no indicator stays as it stands. */
export function canonicalText(text: string, kind: IndicatorKind | undefined): string {
  const result = kind === undefined ? null : canonicalise(kind, text);
  return result?.ok ? result.data : (detect(text)?.data ?? text.trim());
}

export { defang, extract };
