import type { IndicatorKind } from "../indicator-kind.ts";
import { detect } from "../detect.ts";
import { specialRange } from "../kinds/address-range.ts";
import type { Confidence, Finding, Scan } from "./finding.ts";
import { normalise } from "./normalise.ts";
import { resolveFindings, resolveRejections } from "./resolve.ts";
import { scanColons } from "./scan-colons.ts";
import { scanMarked } from "./scan-marked.ts";
import { scanNames } from "./scan-names.ts";
import { scanUrls } from "./scan-urls.ts";
import { unwrapUrl } from "./unwrap-url.ts";

export interface ExtractOptions {
  /** Only these. Default: every kind. */
  readonly kinds?: readonly IndicatorKind[];
  /** An indicator that occurs again is given once, where it is surest. Default: true. */
  readonly dedupe?: boolean;
  /** The host of every URL is given as an indicator of its own, too, in the URL's place. Default: false. */
  readonly insideUrls?: boolean;
  /** Most indicators that are given. Default: 10,000. */
  readonly indicatorsMax?: number;
  /** Most dropped texts that are given. Default: 1,000. */
  readonly droppedMax?: number;
}

export interface ExtractedIndicator {
  /** The canonical form. */
  readonly data: string;
  readonly kind: IndicatorKind;
  /** How it stands in the text. */
  readonly raw: string;
  /** Where it begins, in UTF-16 code units, as strings of JavaScript, Java and C# count. */
  readonly offset: number;
  /** Of `raw`, in UTF-16 code units. */
  readonly length: number;
  readonly confidence: Confidence;
  /** Why the confidence is not high, or what is special about it ("a private address"). */
  readonly note?: string;
  /** The canonical URL in the text, where that was a mail filter's or a search engine's wrapping of this one. */
  readonly unwrappedFrom?: string;
}

export interface DroppedText {
  /** How it stands in the text; its first 200 characters. */
  readonly raw: string;
  /** Where it begins, in UTF-16 code units. */
  readonly offset: number;
  readonly reason: string;
}

export interface Extraction {
  /** In the order of the text. */
  readonly indicators: ExtractedIndicator[];
  /** What looks like an indicator and was taken for none, in the order of the text. */
  readonly dropped: DroppedText[];
  /** How many were found beyond what is given. */
  readonly leftOut: { readonly indicators: number; readonly dropped: number };
}

const droppedCharsMax = 200;
/** Most URLs are not wrapped, and this says so quickly. */
const mayBeWrapped = /^https?:\/\/(?:[a-z0-9.-]+\.safelinks\.|urldefense\.|(?:www\.)?google\.)/;
const sureness: Readonly<Record<Confidence, number>> = { high: 2, medium: 1, low: 0 };
/** Kinds that are written alike: whoever asks for one of the later ones alone means what was read as the first. */
const lookalikes = new Set<IndicatorKind>(["JA3", "IMPHASH"]);

/** The kind to give a finding when only some are wanted, or null. */
function wantedKind(kind: IndicatorKind, wanted: ReadonlySet<IndicatorKind> | null): IndicatorKind | null {
  if (wanted === null || wanted.has(kind)) return kind;
  const others = [...wanted].filter((other) => lookalikes.has(other));
  return kind === "MD5" && others.length === 1 ? (others[0] ?? null) : null;
}

function placed(scan: Scan, { start, end, kind, data, confidence, note }: Finding): ExtractedIndicator {
  const raw = scan.normal.rawRange(start, end);
  const place = { raw: scan.normal.original.slice(raw.start, raw.end), offset: raw.start, length: raw.end - raw.start };
  const unwrapped = kind === "URL" && mayBeWrapped.test(data) ? unwrapUrl(data) : null;
  if (unwrapped) return { data: unwrapped.url, kind, ...place, confidence, unwrappedFrom: data };
  return { data, kind, ...place, confidence, ...(note !== undefined && { note }) };
}

/** Addresses that nobody on the internet has are told as such. Only of what is given: the check is the dearest of all. */
function withRange(indicator: ExtractedIndicator): ExtractedIndicator {
  const { kind, data, note } = indicator;
  if (note !== undefined || !["IPV4", "IPV6", "IP_PORT", "CIDR"].includes(kind)) return indicator;
  const bare = kind === "IP_PORT" ? data.slice(0, data.lastIndexOf(":")) : (data.split("/", 1)[0] ?? "");
  const range = specialRange(bare.replace(/^\[|\]$/g, ""));
  return range === null ? indicator : { ...indicator, confidence: "medium", note: range };
}

/** The host of a URL as an indicator in the URL's place. */
function hostOf(url: ExtractedIndicator): ExtractedIndicator | null {
  const authority = /^[a-z0-9+.-]+:\/\/([^/?#\\]*)/.exec(url.data)?.[1] ?? "";
  const host = authority.slice(authority.lastIndexOf("@") + 1).replace(/:\d{1,5}$/, "");
  const found = detect(host.startsWith("[") ? host.slice(1, -1) : host);
  return found && { ...url, kind: found.kind, data: found.data };
}

/** Of the same indicator the surest occurrence, in the place of the first. */
function deduplicate(indicators: readonly ExtractedIndicator[]): ExtractedIndicator[] {
  const byName = new Map<string, ExtractedIndicator>();
  for (const indicator of indicators) {
    const name = `${indicator.kind} ${indicator.data}`;
    const before = byName.get(name);
    if (before === undefined || sureness[indicator.confidence] > sureness[before.confidence])
      byName.set(name, indicator);
  }
  return [...byName.values()].toSorted((a, b) => a.offset - b.offset);
}

/** `extract`, with the characters that were looked at, by which tests prove that the work is linear. */
export function extractCounted(text: string, options: ExtractOptions = {}): { extraction: Extraction; work: number } {
  const { kinds, dedupe = true, insideUrls = false, indicatorsMax = 10_000, droppedMax = 1_000 } = options;
  const scan: Scan = { normal: normalise(text), found: [], rejected: [], readTo: 0, work: text.length };
  scanUrls(scan);
  const urls = [...scan.found, ...scan.rejected].toSorted((a, b) => a.start - b.start);
  scanColons(scan, urls);
  scanNames(scan, urls);
  scanMarked(scan);
  const kept = resolveFindings(scan.found);
  const wanted = kinds === undefined ? null : new Set(kinds);
  const all: ExtractedIndicator[] = [];
  const add = (indicator: ExtractedIndicator): void => {
    const kind = wantedKind(indicator.kind, wanted);
    if (kind !== null) all.push(kind === indicator.kind ? indicator : { ...indicator, kind });
  };
  for (const finding of kept) {
    const indicator = placed(scan, finding);
    add(indicator);
    const host = insideUrls && indicator.kind === "URL" ? hostOf(indicator) : null;
    if (host) add(host);
  }
  const indicators = dedupe ? deduplicate(all) : all;
  const rejections = resolveRejections(scan.rejected, kept);
  const dropped = rejections.slice(0, droppedMax).map(({ start, end, reason }) => {
    const raw = scan.normal.rawRange(start, end);
    return { raw: text.slice(raw.start, Math.min(raw.end, raw.start + droppedCharsMax)), offset: raw.start, reason };
  });
  const extraction = {
    indicators: indicators.slice(0, indicatorsMax).map(withRange),
    dropped,
    leftOut: {
      indicators: Math.max(0, indicators.length - indicatorsMax),
      dropped: Math.max(0, rejections.length - droppedMax),
    },
  };
  return { extraction, work: scan.work };
}

/**
 * Finds the indicators in a text of any length: prose, mail, HTML, JSON, CSV, logs; defanged or not. What overlaps is
 * resolved for the longest, then for the kind that can be mistaken for least; what is inside a URL is not repeated. A
 * domain has to end in a suffix that tldts' copy of the public suffix list knows. Never throws; linear time; pure.
 */
export function extract(text: string, options: ExtractOptions = {}): Extraction {
  return extractCounted(text, options).extraction;
}
