import { canonicalise, defang, detect, type IndicatorKind } from "@assay/indicators";

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
  | { readonly state: "unread"; readonly reason: string; readonly fitting: readonly IndicatorKind[] };

const none =
  "No indicator that Assay knows. Paste one IP address, domain, URL, hash, e-mail address, CVE or the like, or choose its kind.";
const several = "This looks like more than one. Paste one indicator at a time.";

/** Reads the text as the chosen kind, or detects the kind when none is chosen. */
export function readIndicator(text: string, chosen: IndicatorKind | null): Reading {
  if (text.trim() === "") return { state: "empty" };
  const detection = detect(text);
  const fitting = detection === null ? [] : [detection.kind, ...detection.alternatives];
  if (chosen !== null && chosen !== detection?.kind) {
    const result = canonicalise(chosen, text);
    if (!result.ok) return { state: "unread", reason: `${result.reason}.`, fitting };
    return { state: "read", kind: chosen, data: result.data, refanged: detection?.refanged ?? false, fitting };
  }
  if (detection !== null) return { state: "read", ...detection, fitting };
  const words = text.trim().split(/[\s,;]+/);
  const isSeveral = words.length > 1 && words.some((word) => detect(word) !== null);
  return { state: "unread", reason: isSeveral ? several : none, fitting };
}

/** The canonical form of what is searched for; what is no indicator stays as it stands. */
export function canonicalText(text: string, kind: IndicatorKind | undefined): string {
  const result = kind === undefined ? null : canonicalise(kind, text);
  return result?.ok ? result.data : (detect(text)?.data ?? text.trim());
}

export { defang };
