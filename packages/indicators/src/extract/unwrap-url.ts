import { canonicalise } from "../canonicalise.ts";
import { decodeUrldefense, percentDecode, queryValue, urlFrom } from "./urldefense.ts";

/** What a link leads to that somebody's mail filter or search engine has wrapped. */
export interface UnwrappedUrl {
  /** The canonical URL inside. */
  readonly url: string;
  /** Who wrapped it, outermost first. */
  readonly wrappers: readonly UrlWrapper[];
}

export type UrlWrapper = "Microsoft Safe Links" | "Proofpoint URL Defense" | "Google redirect";

/** A mail that was forwarded through several filters is wrapped by each. */
const wrapsMax = 5;

function unwrapOnce(url: string): { readonly url: string; readonly wrapper: UrlWrapper } | null {
  const match = /^https?:\/\/([^/?#]+)(\/.*)$/s.exec(url);
  if (!match) return null;
  const [, host = "", path = ""] = match;
  const found = (text: string | null, wrapper: UrlWrapper): { url: string; wrapper: UrlWrapper } | null => {
    const inner = urlFrom(text);
    return inner === null ? null : { url: inner, wrapper };
  };
  const decoded = (name: string): string | null => {
    const value = queryValue(path, name);
    return value === null ? null : percentDecode(value);
  };
  if (host.endsWith(".safelinks.protection.outlook.com")) return found(decoded("url"), "Microsoft Safe Links");
  if (host === "urldefense.proofpoint.com" || host === "urldefense.com" || host === "urldefense.us")
    return found(decodeUrldefense(path), "Proofpoint URL Defense");
  if (/^(?:www\.)?google\.(?:com?\.)?[a-z]{2,3}$/.test(host) && path.startsWith("/url?"))
    return found(decoded("q") ?? decoded("url"), "Google redirect");
  return null;
}

/**
 * The URL inside a Microsoft Safe Links, Proofpoint urldefense (versions 1 to 3) or Google redirect link, unwrapped up
 * to five times; null for every other text. Takes defanged links, too. Never throws; linear time; nothing is fetched.
 */
export function unwrapUrl(url: string): UnwrappedUrl | null {
  const canonical = canonicalise("URL", url);
  if (!canonical.ok) return null;
  const wrappers: UrlWrapper[] = [];
  let inner = canonical.data;
  for (let step = unwrapOnce(inner); step !== null && wrappers.length < wrapsMax; step = unwrapOnce(inner)) {
    inner = step.url;
    wrappers.push(step.wrapper);
  }
  return wrappers.length === 0 ? null : { url: inner, wrappers };
}
