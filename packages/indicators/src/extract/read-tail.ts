import { kindRules } from "../kind-rules.ts";
import { parsePort } from "../kinds/ip-port.ts";
import type { Confidence, Scan } from "./finding.ts";
import { canonicalUrl } from "./scan-urls.ts";
import type { Span } from "./spans.ts";
import { urlCharsMax, urlEnd } from "./url-tail.ts";

const portMark = /:(\d{1,5})(?!\d|[:.]\d|[A-Za-z])/y;
const prefixMark = /\/(?:\d{1,3}(?:\.\d{1,3}){3}|\d{1,2})(?![A-Za-z0-9_/%]|\.\d)/y;

/** The port that stands at the index, with where it ends. */
function portAt(text: string, index: number): { readonly port: number; readonly end: number } | null {
  portMark.lastIndex = index;
  const match = portMark.exec(text);
  const port = match && parsePort(match[1] ?? "");
  return match && port !== null && port !== undefined ? { port, end: index + match[0].length } : null;
}

/** A URL without a scheme, from its host on. False where nothing but the host would be left. */
function readBareUrl(scan: Scan, { start, end }: Span, confidence: Confidence, note?: string): boolean {
  const { text } = scan.normal;
  if (!/[/?#]/.test(text[end] ?? "")) return false;
  const tail = urlEnd(text, start);
  scan.work += tail.scanned - start;
  if (tail.end > end) scan.readTo = Math.max(scan.readTo, tail.scanned);
  if (tail.end <= end || tail.end - start > urlCharsMax) return false;
  const data = canonicalUrl(scan, start, tail.end);
  if (data === null) return false;
  scan.found.push({ start, end: tail.end, kind: "URL", data, confidence, ...(note && { note }) });
  return true;
}

/** An IPv4 address with what belongs to it: a prefix length, a port, a path. */
export function followAddress(
  scan: Scan,
  { start, end }: Span,
  { address, confidence, note }: { readonly address: string; readonly confidence: Confidence; readonly note?: string },
): void {
  const { text } = scan.normal;
  const noted = { confidence, ...(note && { note }) };
  prefixMark.lastIndex = end;
  const prefix = prefixMark.exec(text)?.[0];
  const network = prefix === undefined ? null : kindRules.CIDR.parse(address + prefix);
  if (prefix !== undefined && network?.ok) {
    scan.found.push({ start, end: end + prefix.length, kind: "CIDR", data: network.data, ...noted });
    return;
  }
  const port = portAt(text, end);
  const hostEnd = port?.end ?? end;
  if (readBareUrl(scan, { start, end: hostEnd }, confidence === "high" ? "medium" : "low", note)) return;
  if (port) scan.found.push({ start, end: hostEnd, kind: "IP_PORT", data: `${address}:${port.port}`, ...noted });
  else scan.found.push({ start, end, kind: "IPV4", data: address, ...noted });
}

/** A domain; with a port or a path behind it, it is a URL whose scheme nobody wrote. */
export function followDomain(
  scan: Scan,
  { start, end }: Span,
  { data, confidence, note }: { readonly data: string; readonly confidence: Confidence; readonly note?: string },
): void {
  const { text } = scan.normal;
  const noted = { confidence, ...(note && { note }) };
  const port = portAt(text, end);
  const bareConfidence = confidence === "high" ? "medium" : confidence;
  if (readBareUrl(scan, { start, end: port?.end ?? end }, bareConfidence, note)) return;
  const url = port && canonicalUrl(scan, start, port.end);
  if (port && url)
    scan.found.push({ start, end: port.end, kind: "URL", data: url, ...noted, confidence: bareConfidence });
  else scan.found.push({ start, end, kind: "DOMAIN", data, ...noted });
}
