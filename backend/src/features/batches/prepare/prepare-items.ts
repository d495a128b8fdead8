import { extract, type ExtractedIndicator, type IndicatorKind } from "@assay/indicators";
import { indicatorOf } from "../../lookups/indicator-of.ts";

/** What a batch is made from. */
export interface PrepareTask {
  readonly text: string | null;
  readonly list: readonly (string | { readonly data: string; readonly kind?: IndicatorKind | undefined })[];
  /** Takes from a text what is doubtful, too. */
  readonly doubtful: boolean;
  /** Of more different indicators than this the rest is only counted. */
  readonly itemsMax: number;
}

export interface PreparedItem {
  readonly kind: IndicatorKind;
  readonly data: string;
}

export interface PrepareSummary {
  /** Indicators, each as often as it occurs. */
  readonly found: number;
  readonly duplicates: number;
  /** What was not taken, the first 1,000. */
  readonly dropped: readonly { readonly raw: string; readonly reason: string }[];
  readonly droppedCount: number;
}

const droppedMax = 1000;
const droppedCharsMax = 200;

/** The different indicators of a text or a list in the order of it; pure, and as slow as the input is long. */
export function* prepareItems(task: PrepareTask): Generator<PreparedItem, PrepareSummary> {
  const seen = new Set<string>();
  const dropped: { raw: string; reason: string }[] = [];
  let found = 0;
  let droppedCount = 0;
  const drop = (raw: string, reason: string): void => {
    if (dropped.length < droppedMax) dropped.push({ raw: raw.slice(0, droppedCharsMax).toWellFormed(), reason });
  };
  for (const given of task.text === null ? readList(task.list) : readText(task.text, task.doubtful)) {
    if ("more" in given) {
      droppedCount += given.more;
      continue;
    }
    if ("reason" in given) {
      droppedCount++;
      drop(given.raw, given.reason);
      continue;
    }
    found++;
    const key = `${given.kind} ${given.data}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (seen.size <= task.itemsMax) yield { kind: given.kind, data: given.data };
  }
  return { found, duplicates: found - seen.size, dropped, droppedCount };
}

type Given = PreparedItem | { readonly raw: string; readonly reason: string } | { readonly more: number };

function* readList(list: PrepareTask["list"]): Generator<Given> {
  for (const each of list) {
    const given = typeof each === "string" ? { data: each } : each;
    const read = indicatorOf(given);
    if (read.ok) yield read;
    else yield { raw: given.data, reason: read.reason ?? "no kind of indicator looks like this" };
  }
}

function* readText(text: string, doubtful: boolean): Generator<Given> {
  const { indicators, dropped, leftOut } = extract(text, { dedupe: false, indicatorsMax: Infinity, droppedMax });
  for (const indicator of indicators) {
    if (doubtful || isSure(indicator)) yield indicator;
    else yield { raw: indicator.raw, reason: indicator.note ?? "it is doubtful that it is an indicator" };
  }
  yield* dropped;
  yield { more: leftOut.dropped };
}

/** Private addresses and the like are not sent to sources unless somebody says so. */
function isSure({ confidence, note }: ExtractedIndicator): boolean {
  return confidence === "high" || (confidence === "medium" && note === undefined);
}
