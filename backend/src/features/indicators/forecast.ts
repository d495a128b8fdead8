import {
  type AnswerProblem,
  type IndicatorPlan,
  type PlanAction,
  type PlannedIndicator,
  planRowsMax,
  type SourceForecast,
} from "@assay/contract";
import type { PlannableSource } from "../lookups/plannable.ts";
import type { SpendingOf } from "../quotas/quota-forecast.ts";

/** One source of one indicator, as of now. */
export interface ForecastSource {
  readonly source: PlannableSource;
  readonly action: PlanAction;
  /** Why it would be skipped. */
  readonly problems: readonly AnswerProblem[];
}

export interface ForecastRow extends Omit<PlannedIndicator, "sources"> {
  readonly sources: readonly ForecastSource[];
}

/** Adds up what looking many indicators up would take; only totals and the first rows are kept. Pure. */
export interface Forecast {
  add(row: ForecastRow): void;
  /** A text that is no indicator. */
  addInvalid(data: string, reason: string): void;
  /** An indicator that was there already. */
  addDuplicate(): void;
  /** Those that would be asked. */
  asked(): PlannableSource[];
  total(spendingOf: SpendingOf): IndicatorPlan;
}

interface Sums {
  readonly source: PlannableSource;
  lookups: number;
  cached: number;
  readonly skipped: Map<AnswerProblem["code"], { count: number; readonly example: string }>;
}

const shownCharsMax = 200;

export function createForecast(): Forecast {
  const bySource = new Map<PlannableSource, Sums>();
  const rows: PlannedIndicator[] = [];
  const invalidRows: IndicatorPlan["invalidRows"] = [];
  const counts = { indicators: 0, duplicates: 0, invalid: 0, ignored: 0, cached: 0 };

  const addSource = ({ source, action, problems }: ForecastSource): void => {
    const sums = bySource.get(source) ?? { source, lookups: 0, cached: 0, skipped: new Map() };
    bySource.set(source, sums);
    if (action === "ask") sums.lookups++;
    if (action === "cached") sums.cached++;
    for (const { code, message } of problems) {
      const known = sums.skipped.get(code);
      if (known) known.count++;
      else sums.skipped.set(code, { count: 1, example: message });
    }
  };

  return {
    add({ sources, ...indicator }) {
      counts.indicators++;
      for (const each of sources) addSource(each);
      const asked = sources.some(({ action }) => action === "ask");
      const cached = sources.some(({ action }) => action === "cached");
      if (!asked && cached) counts.cached++;
      if (!asked && !cached && sources.some(isIgnored)) counts.ignored++;
      if (rows.length >= planRowsMax) return;
      rows.push({
        ...indicator,
        sources: sources.map(({ source, action, problems }) => ({
          sourceId: source.snapshot.id,
          action,
          problems: [...problems],
        })),
      });
    },
    addInvalid(data, reason) {
      counts.invalid++;
      if (invalidRows.length < planRowsMax) invalidRows.push({ data: data.slice(0, shownCharsMax), reason });
    },
    addDuplicate: () => void counts.duplicates++,
    asked: () => [...bySource.values()].filter(({ lookups }) => lookups > 0).map(({ source }) => source),
    total(spendingOf) {
      const sources = [...bySource.values()].map((sums) => forecastOf(sums, spendingOf)).toSorted(byCalls);
      const all = { ...counts, calls: sources.reduce((sum, { calls }) => sum + calls, 0) };
      return { text: sentence(all, sources), ...all, sources, rows, invalidRows };
    },
  };
}

function isIgnored({ problems }: ForecastSource): boolean {
  return problems.some(({ code }) => code === "WITHIN_IGNORE_LIST");
}

function byCalls(a: SourceForecast, b: SourceForecast): number {
  return b.calls - a.calls || (a.source.slug < b.source.slug ? -1 : 1);
}

function forecastOf({ source: { snapshot }, lookups, cached, skipped }: Sums, spendingOf: SpendingOf): SourceForecast {
  const reasons = [...skipped].map(([code, { count, example }]) => ({ code, count, example }));
  return { source: snapshot, lookups, ...spendingOf(snapshot.id, lookups), cached, skipped: reasons };
}

const number = new Intl.NumberFormat("en");
const counted = (count: number, word: string): string => `${number.format(count)} ${word}${count === 1 ? "" : "s"}`;

/** "212 indicators, 40 ignored, 61 cached, 111 calls to VirusTotal of 388 left today". */
function sentence(
  counts: Pick<IndicatorPlan, "indicators" | "ignored" | "cached" | "calls">,
  sources: readonly SourceForecast[],
): string {
  const parts = [counted(counts.indicators, "indicator")];
  if (counts.ignored > 0) parts.push(`${number.format(counts.ignored)} ignored`);
  if (counts.cached > 0) parts.push(`${number.format(counts.cached)} cached`);
  const asked = sources.filter(({ calls }) => calls > 0);
  const [only] = asked;
  if (!only) parts.push("no calls");
  else if (asked.length === 1) parts.push(`${counted(only.calls, "call")} to ${only.source.name}${leftWords(only)}`);
  else parts.push(`${counted(counts.calls, "call")} to ${asked.length} sources`);
  const short = asked.filter(({ calls, quota }) => (quota?.left ?? Infinity) < calls);
  if (asked.length > 1 && short.length > 0) {
    const named = short
      .slice(0, 3)
      .map((each) => `${each.source.name} (${counted(each.calls, "call")}${leftWords(each)})`);
    const more = short.length > named.length ? [`${short.length - named.length} more`] : [];
    parts.push(`more than is left at ${[...named, ...more].join(", ")}`);
  }
  return parts.join(", ");
}

const windowWords: Readonly<Record<string, string>> = { minute: "this minute", hour: "this hour", day: "today" };

function leftWords({ quota }: SourceForecast): string {
  if (!quota || quota.left === null) return "";
  const window = quota.per === null ? "" : ` ${windowWords[quota.per] ?? `per ${quota.per}`}`;
  return ` of ${number.format(quota.left)} left${window}`;
}
