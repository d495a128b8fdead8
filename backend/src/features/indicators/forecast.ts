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
import { forecastText } from "./forecast-text.ts";

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
  /** What is in the cache is not known, of those added before either: all that might be asked counts as asked. */
  cacheUnread(): void;
  readonly isCacheUnread: boolean;
  /** Those that would be asked. */
  asked(): PlannableSource[];
  total(spendingOf: SpendingOf): IndicatorPlan;
}

interface Sums {
  readonly source: PlannableSource;
  asked: number;
  cached: number;
  readonly skipped: Map<AnswerProblem["code"], { count: number; readonly example: string }>;
}

const shownCharsMax = 200;

export function createForecast(): Forecast {
  /** By id: a source that is changed meanwhile is the same one. */
  const bySource = new Map<string, Sums>();
  const rows: PlannedIndicator[] = [];
  const invalidRows: IndicatorPlan["invalidRows"] = [];
  const counts = { indicators: 0, duplicates: 0, invalid: 0, ignored: 0, cached: 0, unasked: 0 };
  let isCacheUnread = false;

  const addSource = ({ source, action, problems }: ForecastSource): void => {
    const { id } = source.snapshot;
    const sums = bySource.get(id) ?? { source, asked: 0, cached: 0, skipped: new Map() };
    bySource.set(id, sums);
    if (action === "ask") sums.asked++;
    if (action === "cached") sums.cached++;
    for (const { code, message } of problems) {
      const known = sums.skipped.get(code);
      if (known) known.count++;
      else sums.skipped.set(code, { count: 1, example: message });
    }
  };
  const lookupsOf = ({ asked, cached }: Sums): number => (isCacheUnread ? asked + cached : asked);
  const forecastOf = (sums: Sums, spendingOf: SpendingOf): SourceForecast => {
    const { snapshot } = sums.source;
    const lookups = lookupsOf(sums);
    const skipped = [...sums.skipped].map(([code, { count, example }]) => ({ code, count, example }));
    return {
      ...{ source: snapshot, lookups, ...spendingOf(snapshot.id, lookups) },
      ...{ cached: isCacheUnread ? null : sums.cached, skipped },
    };
  };

  return {
    add({ sources, ...indicator }) {
      counts.indicators++;
      for (const each of sources) addSource(each);
      const what = whatOf(sources);
      if (what !== "asked") counts[what]++;
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
    cacheUnread: () => void (isCacheUnread = true),
    get isCacheUnread() {
      return isCacheUnread;
    },
    asked: () => [...bySource.values()].filter((sums) => lookupsOf(sums) > 0).map(({ source }) => source),
    total(spendingOf) {
      const sources = [...bySource.values()].map((sums) => forecastOf(sums, spendingOf)).toSorted(byCalls);
      const calls = sources.reduce((sum, each) => sum + each.calls, 0);
      const all = { ...counts, cached: isCacheUnread ? null : counts.cached, calls };
      return {
        text: forecastText(all, sources),
        ...all,
        sources,
        rows: isCacheUnread ? rows.map(unread) : rows,
        invalidRows,
      };
    },
  };
}

/** What it is where nobody knows what is in the cache. */
function unread({ sources, ...row }: PlannedIndicator): PlannedIndicator {
  return { ...row, sources: sources.map((each) => (each.action === "cached" ? { ...each, action: "ask" } : each)) };
}

/** What would come of an indicator, of all of its sources together. */
function whatOf(sources: readonly ForecastSource[]): "asked" | "cached" | "ignored" | "unasked" {
  if (sources.some(({ action }) => action === "ask")) return "asked";
  if (sources.some(({ action }) => action === "cached")) return "cached";
  return sources.some(isIgnored) ? "ignored" : "unasked";
}

function isIgnored({ problems }: ForecastSource): boolean {
  return problems.some(({ code }) => code === "WITHIN_IGNORE_LIST");
}

function byCalls(a: SourceForecast, b: SourceForecast): number {
  return b.calls - a.calls || (a.source.slug < b.source.slug ? -1 : 1);
}
