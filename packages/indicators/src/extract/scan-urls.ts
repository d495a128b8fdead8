import { canonicaliseReadings } from "../canonicalise.ts";
import { hasKnownSuffix, parseDomain } from "../kinds/domain.ts";
import { onionRule } from "../kinds/onion.ts";
import { parseIpv4, parseIpv6 } from "../kinds/ip.ts";
import { refang } from "../refang.ts";
import { isWord } from "./characters.ts";
import type { Confidence, Scan } from "./finding.ts";
import { urlCharsMax, urlEnd } from "./url-tail.ts";

/** With their defanged spellings; the longest that ends before the colon is taken ("nhttp" is "\n" and http). */
const schemes =
  /(?:h[tx*_]{2}ps?|f[tx]ps?|sftp|ssh|telnet|wss?|ldaps?|smb|rdp|vnc|rtsp|rmi|ircs?|git|gopher|tcp|udp)$/i;
const schemeCharsMax = 6;
const authorityCharsMax = 1024;
const separator = /:[\\/]{2}/g;

interface Host {
  readonly confidence: Confidence;
  readonly note?: string;
}

/** Whether a host can be one: an address, a name that ends in a known suffix, or, doubtfully, one word. */
function judgeHost(host: string): Host | null {
  if (host === "") return null;
  if (host.startsWith("[")) return parseIpv6(host).ok ? { confidence: "high" } : null;
  if (parseIpv4(host).ok) return { confidence: "high" };
  const domain = parseDomain(host);
  if (domain.ok && (hasKnownSuffix(domain.data) || (domain.data.endsWith(".onion") && onionRule.parse(domain.data).ok)))
    return { confidence: "high" };
  if (domain.ok) return { confidence: "low", note: "no such top-level domain is known" };
  if (/^(?:0x[0-9a-f]+|\d+)(?:\.(?:0x[0-9a-f]+|\d+)){0,3}$/i.test(host))
    return { confidence: "medium", note: "the host is an oddly written IPv4 address" };
  return /^[a-z0-9_][a-z0-9_-]{0,62}$/i.test(host) ? { confidence: "low", note: "the host has no dot" } : null;
}

function hostOf(authority: string): string {
  const hostPort = authority.slice(authority.lastIndexOf("@") + 1);
  if (hostPort.startsWith("[")) return hostPort.slice(0, hostPort.indexOf("]") + 1);
  let end = hostPort.search(/[:)\]}!*]|$/);
  // The full stop of the sentence.
  while (hostPort[end - 1] === ".") end--;
  return hostPort.slice(0, end);
}

/** The canonical URL of a stretch. Its raw spelling decides, because "[.]" in a path may be part of the path. */
export function canonicalUrl({ normal }: Scan, start: number, end: number): string | null {
  const raw = normal.rawRange(start, end);
  const [rawText, text] = [normal.original.slice(raw.start, raw.end), normal.text.slice(start, end)];
  // Backslashes are the escapes of JSON and of program text, which the normal text is without.
  const texts = rawText.includes("\\") || rawText === text ? [text] : [rawText, text];
  const readings = texts.map((one) => ({
    text: /^(?:http|[a-eg-z])/.test(one) && rawText === text ? one : refang(one),
    refanged: true,
  }));
  return canonicaliseReadings("URL", readings)?.data ?? null;
}

/** Entities are undone where the text is HTML, which an attribute's quote in front shows. */
function withoutEntities(text: string, start: number, data: string): string {
  return text[start - 2] === "=" && /["']/.test(text[start - 1] ?? "") ? data.replaceAll("&amp;", "&") : data;
}

/** Finds URLs with a scheme, around each "://". Linear: what was scanned once is jumped over, found or not. */
export function scanUrls(scan: Scan): void {
  const { text } = scan.normal;
  let done = 0;
  separator.lastIndex = 0;
  for (let hit = separator.exec(text); hit; hit = separator.exec(text)) {
    const before = text.slice(Math.max(done, hit.index - schemeCharsMax), hit.index);
    const scheme = schemes.exec(before)?.[0];
    const body = hit.index + 3;
    scan.work += schemeCharsMax;
    if (scheme === undefined) continue;
    const start = hit.index - scheme.length;
    const limit = Math.min(text.length, body + authorityCharsMax);
    let close = body;
    while (close < limit && !/[\s/?#\\<>"'`,;|]/.test(text[close] ?? "")) close++;
    scan.work += close - start;
    const host = judgeHost(hostOf(text.slice(body, close)));
    if (host === null) {
      if (isWord(text, body)) scan.rejected.push({ start, end: close, reason: "its host is not a name or an address" });
      done = close;
      separator.lastIndex = Math.max(body, close - 1);
      continue;
    }
    const { end, scanned } = urlEnd(text, start);
    scan.work += scanned - start;
    done = scanned;
    separator.lastIndex = done;
    if (scanned - start > urlCharsMax) {
      scan.rejected.push({ start, end: scanned, reason: `it is longer than the ${urlCharsMax} characters of a URL` });
      continue;
    }
    const data = canonicalUrl(scan, start, end);
    if (data === null) scan.rejected.push({ start, end, reason: "it is not a valid URL: look at its port and host" });
    else scan.found.push({ start, end, kind: "URL", ...host, data: withoutEntities(text, start, data) });
  }
}
