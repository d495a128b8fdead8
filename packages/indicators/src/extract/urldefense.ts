import { canonicalise } from "../canonicalise.ts";

const runLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Percent decoding that leaves alone what is none. */
export function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replaceAll(/%[0-7][0-9a-f]/gi, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)));
  }
}

function unescapeHtml(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}

/** The raw value of the first field of that name in the query, or null. */
export function queryValue(url: string, name: string): string | null {
  const query = url.slice(url.indexOf("?") + 1).split("#", 1)[0] ?? "";
  return (
    query
      .split("&")
      .find((pair) => pair.startsWith(`${name}=`))
      ?.slice(name.length + 1) ?? null
  );
}

function base64Characters(text: string): string[] | null {
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/").replaceAll("=", ""));
    return Array.from(
      new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(binary, (c) => c.charCodeAt(0))),
    );
  } catch {
    return null;
  }
}

/**
 * Version 3: `v3/__URL__;BASE64!…$`. In the URL "*" is the next character of the decoded base64, and "**X" the next run
 * of them, whose length X says: A is 2, B 3, and so on through a-z, 0-9, "-" and "_" (65). After Proofpoint's published decoder.
 */
function decodeV3(path: string): string | null {
  const match = /^\/v3\/__(.+?)__;([A-Za-z0-9\-_=+/]*)!/s.exec(path);
  const replaced = match && base64Characters(match[2] ?? "");
  if (!match || replaced === null || !replaced) return null;
  const url = percentDecode((match[1] ?? "").replace(/^([a-z0-9+.-]+:\/)(?=[^/])/i, "$1/"));
  let at = 0;
  const decoded = url.replaceAll(/\*(?:\*([A-Za-z0-9\-_]))?/g, (_, letter: string | undefined) => {
    const length = letter === undefined ? 1 : runLetters.indexOf(letter) + 2;
    at += length;
    return replaced.slice(at - length, at).join("");
  });
  return at <= replaced.length ? decoded : null;
}

/** The URL that a Proofpoint link leads to (versions 1 to 3 of urldefense), or null. `path` is all that follows the host. */
export function decodeUrldefense(path: string): string | null {
  if (path.startsWith("/v3/")) return decodeV3(path);
  const value = queryValue(path, "u");
  if (value === null) return null;
  if (path.startsWith("/v1/url?")) return unescapeHtml(percentDecode(value));
  if (path.startsWith("/v2/url?")) return unescapeHtml(percentDecode(value.replaceAll("-", "%").replaceAll("_", "/")));
  return null;
}

/** The canonical URL that a decoded text is, or null: only what says its scheme. */
export function urlFrom(text: string | null): string | null {
  if (text === null || !/^[a-z][a-z0-9+.-]{0,30}:\/\//i.test(text)) return null;
  const result = canonicalise("URL", text.trim().replaceAll(" ", "%20"));
  return result.ok ? result.data : null;
}
