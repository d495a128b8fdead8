import { canonicalise } from "./canonicalise.ts";
import type { IndicatorKind } from "./indicator-kind.ts";

/** Parts of an indicator that may be personal, and that can be taken out before somebody else sees it. */
export const stripParts = ["url_query", "url_fragment", "url_userinfo", "email_local_part"] as const;
export type StripPart = (typeof stripParts)[number];

interface Indicator {
  readonly kind: IndicatorKind;
  readonly data: string;
}

export interface StrippedIndicator extends Indicator {
  /** The parts that were there and are gone, in the order of `stripParts`; none: it is the same indicator. */
  readonly stripped: readonly StripPart[];
}

/**
 * A canonical indicator without these parts, canonical again. An e-mail address without its local part is its domain, of another kind. null: nothing
 * is left that is an indicator.
 */
export function stripIndicator({ kind, data }: Indicator, parts: readonly StripPart[]): StrippedIndicator | null {
  if (kind === "URL") return stripUrl(data, parts);
  if (kind !== "EMAIL" || !parts.includes("email_local_part")) return { kind, data, stripped: [] };
  const host = data.slice(data.lastIndexOf("@") + 1);
  for (const left of ["DOMAIN", "ONION"] as const) {
    const canonical = canonicalise(left, host);
    if (canonical.ok) return { kind: left, data: canonical.data, stripped: ["email_local_part"] };
  }
  return null;
}

/** `scheme://user@host/path?query#fragment`; a backslash ends the host as well, as browsers read it. */
const urlShape = /^([^:]+:\/\/)((?:[^/?#\\]*@)?)([^/?#\\]*)([^?#]*)((?:\?[^#]*)?)((?:#.*)?)$/s;

function stripUrl(data: string, parts: readonly StripPart[]): StrippedIndicator | null {
  const match = urlShape.exec(data);
  if (!match) return null;
  const [, scheme = "", userinfo = "", host = "", path = "", query = "", fragment = ""] = match;
  const found: Readonly<Partial<Record<StripPart, string>>> = {
    url_query: query,
    url_fragment: fragment,
    url_userinfo: userinfo,
  };
  const stripped = stripParts.filter((part) => parts.includes(part) && (found[part] ?? "") !== "");
  const kept = (part: StripPart): string => (stripped.includes(part) ? "" : (found[part] ?? ""));
  const canonical = canonicalise(
    "URL",
    `${scheme}${kept("url_userinfo")}${host}${path}${kept("url_query")}${kept("url_fragment")}`,
  );
  return canonical.ok ? { kind: "URL", data: canonical.data, stripped } : null;
}
