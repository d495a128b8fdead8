import { denied } from "./egress-error.ts";
import type { EgressLimits } from "./limits.ts";

export type HeaderPairs = readonly (readonly [string, string])[];

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// oxlint-disable-next-line no-control-regex
const value = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

const refused = new Set([
  "transfer-encoding",
  "upgrade",
  "expect",
  "forwarded",
  "via",
  "x-real-ip",
  "http2-settings",
  "trailer",
]);
// Libraries add these by themselves; the broker decides them, so a harmless value is dropped instead of refused.
const decidedHere = new Set(["connection", "keep-alive", "te", "accept-encoding", "proxy-connection"]);

/** What may follow a redirect to another origin. A list of the harmless: no pattern finds every header that carries a key. */
const safeAcrossOrigins = new Set([
  "accept",
  "accept-encoding",
  "accept-language",
  "cache-control",
  "content-language",
  "content-type",
  "if-modified-since",
  "if-none-match",
  "pragma",
  "range",
  "user-agent",
]);

/** Checks the headers of user code and gives those to send to `url`. Throws an EgressError that names the header. */
export function checkRequestHeaders(
  headers: HeaderPairs,
  url: string,
  bodyBytes: number,
  limits: Pick<EgressLimits, "headersMax" | "headerBytesMax">,
): [string, string][] {
  if (headers.length > limits.headersMax) throw denied(`The request has more than ${limits.headersMax} headers.`);
  let bytes = 0;
  const kept: [string, string][] = [];
  for (const [name, text] of headers) {
    if (!token.test(name)) throw denied(`"${printable(name)}" is not a header name.`);
    if (!value.test(text)) {
      throw denied(`The header ${printable(name)} contains a line break, a control character or text outside Latin-1.`);
    }
    bytes += name.length + text.length;
    if (isForwarded(name.toLowerCase(), text.trim(), url, bodyBytes)) kept.push([name, text]);
  }
  if (bytes > limits.headerBytesMax)
    throw denied(`The request headers are larger than ${limits.headerBytesMax} bytes.`);
  return kept;
}

function isForwarded(name: string, text: string, url: string, bodyBytes: number): boolean {
  if (name === "host") {
    if (isHostOf(url, text)) return false;
    throw denied("The header Host cannot differ from the host of the URL.");
  }
  if (name === "content-length") {
    if (text === String(bodyBytes)) return false;
    throw denied("The header Content-Length does not match the body. Leave it out.");
  }
  if (name === "connection" && /upgrade/i.test(text))
    throw denied("Connections cannot be upgraded (WebSocket and the like).");
  if (decidedHere.has(name)) return false;
  if (
    refused.has(name) ||
    name.startsWith("proxy-") ||
    name.startsWith("x-forwarded-") ||
    name.startsWith("sec-websocket-")
  ) {
    throw denied(`The header ${printable(name)} cannot be set by a source.`);
  }
  return true;
}

function isHostOf(url: string, header: string): boolean {
  const origin = url.replace(/:.*/s, `://${header}`);
  if (/[/\\?#@]/.test(header) || !URL.canParse(url) || !URL.canParse(origin)) return false;
  return new URL(origin).host.replace(/\.(?=:|$)/, "") === new URL(url).host.replace(/\.(?=:|$)/, "");
}

/** Drops what could be a credential, on the way to another origin. */
export function withoutCredentials(headers: HeaderPairs): [string, string][] {
  return headers.filter(([name]) => safeAcrossOrigins.has(name.toLowerCase())).map(([name, text]) => [name, text]);
}

function printable(text: string): string {
  return text.slice(0, 64).replaceAll(/[^\u0020-\u007e]/g, "?");
}
