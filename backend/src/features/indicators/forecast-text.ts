import type { IndicatorPlan, SourceForecast } from "@assay/contract";

type Counts = Pick<IndicatorPlan, "indicators" | "ignored" | "cached" | "calls">;

const number = new Intl.NumberFormat("en");
const counted = (count: number, word: string): string => `${number.format(count)} ${word}${count === 1 ? "" : "s"}`;
/** More sources that lack calls are only counted. */
const namedMax = 3;

/** "212 indicators, 40 ignored, 61 cached, 111 calls to VirusTotal of 388 left today". `isRest`: they are what is left to do of more. */
export function forecastText(
  { indicators, ignored, cached, calls }: Counts,
  sources: readonly Omit<SourceForecast, "skipped">[],
  isRest = false,
): string {
  const parts = [`${counted(indicators, "indicator")}${isRest ? " to go" : ""}`];
  if (ignored > 0) parts.push(`${number.format(ignored)} ignored`);
  if (cached !== null && cached > 0) parts.push(`${number.format(cached)} cached`);
  const asked = sources.filter((each) => each.calls > 0);
  const [only] = asked;
  const atMost = cached === null ? "at the most " : "";
  if (!only) parts.push("no calls");
  else if (asked.length === 1) parts.push(`${atMost}${counted(only.calls, "call")} to ${placeWords(only)}`);
  else parts.push(`${atMost}${counted(calls, "call")} to ${asked.length} sources`);
  const short = asked.filter((each) => (each.quota?.left ?? Infinity) < each.calls);
  if (asked.length > 1 && short.length > 0) parts.push(`more than is left at ${shortWords(short)}`);
  if (cached === null) parts.push("as the cache could not be read");
  return parts.join(", ");
}

function placeWords(forecast: Pick<SourceForecast, "source" | "quota">): string {
  return `${forecast.source.name}${leftWords(forecast)}`;
}

function shortWords(short: readonly Omit<SourceForecast, "skipped">[]): string {
  const named = short
    .slice(0, namedMax)
    .map((each) => `${each.source.name} (${counted(each.calls, "call")}${leftWords(each)})`);
  const more = short.length > named.length ? [`${short.length - named.length} more`] : [];
  return [...named, ...more].join(", ");
}

const windowWords: Readonly<Record<string, string>> = { minute: "this minute", hour: "this hour", day: "today" };

function leftWords({ quota }: Pick<SourceForecast, "quota">): string {
  if (!quota || quota.left === null) return "";
  const window = quota.per === null ? "" : ` ${windowWords[quota.per] ?? `per ${quota.per}`}`;
  return ` of ${number.format(quota.left)} left${window}`;
}
