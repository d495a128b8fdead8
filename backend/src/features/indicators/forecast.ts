import {
  type AnswerProblem,
  type IndicatorPlan,
  type PlanAction,
  type PlannedIndicator,
  planRowsMax,
  type SourceForecast,
} from "@assay/contract";
import type { PlannableSource } from "../lookups/plannable.ts";
import type { QuotaOf } from "../quotas/quota-forecast.ts";

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
  total(quotaOf: QuotaOf): IndicatorPlan;
}

interface Sums {
  readonly source: PlannableSource;
  calls: number;
  cached: number;
  readonly skipped: Map<AnswerProblem["code"], { count: number; readonly example: string }>;
}

const shownCharsMax = 200;

export function createForecast(): Forecast {
  const bySource = new Map<PlannableSource, Sums>();
  const rows: PlannedIndicator[] = [];
  const invalidRows: IndicatorPlan["invalidRows"] = [];
  const counts = { indicators: 0, duplicates: 0, invalid: 0, ignored: 0, cached: 0, calls: 0 };

  const addSource = ({ source, action, problems }: ForecastSource): void => {
    const sums = bySource.get(source) ?? { source, calls: 0, cached: 0, skipped: new Map() };
    bySource.set(source, sums);
    if (action === "ask") sums.calls++;
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
      const asked = sources.filter(({ action }) => action === "ask").length;
      const cached = sources.some(({ action }) => action === "cached");
      counts.calls += asked;
      if (asked === 0 && cached) counts.cached++;
      if (asked === 0 && !cached && sources.some(isIgnored)) counts.ignored++;
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
    asked: () => [...bySource.values()].filter(({ calls }) => calls > 0).map(({ source }) => source),
    total(quotaOf) {
      const sources = [...bySource.values()].toSorted(byCalls).map((sums) => forecastOf(sums, quotaOf));
      return { text: sentence(counts, sources), ...counts, sources, rows, invalidRows };
    },
  };
}

function isIgnored({ problems }: ForecastSource): boolean {
  return problems.some(({ code }) => code === "WITHIN_IGNORE_LIST");
}

function byCalls(a: Sums, b: Sums): number {
  return b.calls - a.calls || (a.source.snapshot.slug < b.source.snapshot.slug ? -1 : 1);
}

function forecastOf({ source, calls, cached, skipped }: Sums, quotaOf: QuotaOf): SourceForecast {
  const reasons = [...skipped].map(([code, { count, example }]) => ({ code, count, example }));
  return { source: source.snapshot, calls, cached, skipped: reasons, quota: quotaOf(source.snapshot.id) };
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
  if (!quota || quota.left === null || quota.per === null) return "";
  return ` of ${number.format(quota.left)} left ${windowWords[quota.per] ?? `per ${quota.per}`}`;
}
