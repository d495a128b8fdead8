import type { AnswerProblem, HttpCall } from "@assay/contract";
import { intersectHosts } from "@assay/contract";
import type { QuotaRule, ToldLeft } from "./quota-counter.ts";

/** Where a provider says only that it has had enough. */
const restMsDefault = 60_000;
/** Nobody can put a key away for longer, whatever they say. */
const restMsMax = 24 * 3_600_000;

/** What an answer teaches about one quota. */
export interface Lesson {
  /** Calls that went where the secret goes. */
  readonly calls: number;
  readonly told: readonly ToldLeft[];
  /** Not to be asked for so long; 0: it may. */
  readonly restMs: number;
}

/**
 * What the calls of an answer say about a quota. The heads of upstream answers were read by the broker, the problem comes from the source,
 * for dialects that only it understands (a body, an answer of DNS).
 * @param hosts where the secret goes; null: the quota is the source's own, and every call counts
 */
export function learn(
  rule: QuotaRule,
  hosts: readonly string[] | null,
  http: readonly HttpCall[],
  problems: readonly AnswerProblem[],
): Lesson {
  const calls = http.filter(
    ({ host, method }) => hosts === null || (method !== "DNS" && intersectHosts([host], hosts).length > 0),
  );
  const words = calls.flatMap(({ rateLimit }) => (rateLimit ? [rateLimit] : []));
  const limited = problems.find(({ code }) => code === "RATE_LIMITED");
  const stops = words.filter(({ stop }) => stop);
  // Without windows there is nothing to lower; then what is used up is as good as a stop.
  const spent = rule.windows.length === 0 ? words.filter(({ left, resetMs }) => left === 0 && resetMs !== null) : [];
  const waits = [...stops, ...spent].flatMap(({ resetMs }) => resetMs ?? []);
  if (limited?.retryAfterMs !== undefined) waits.push(limited.retryAfterMs);
  const isStopped = limited !== undefined || stops.length > 0 || spent.length > 0;
  return {
    calls: calls.length,
    told: words.flatMap((word) => toldOf(rule, word)),
    restMs: isStopped ? Math.min(restMsMax, waits.length > 0 ? Math.max(...waits) : restMsDefault) : 0,
  };
}

/** The window that is meant: of the same length, else of the same limit, else the shortest that the reset fits into. */
function toldOf({ windows }: QuotaRule, word: NonNullable<HttpCall["rateLimit"]>): ToldLeft[] {
  const { limit, left, resetMs, windowMs } = word;
  if (left === null) return [];
  const byLength = windows.toSorted((a, b) => a.perMs - b.perMs);
  const meant =
    byLength.find(({ perMs }) => perMs === windowMs) ??
    byLength.find((window) => window.limit === limit) ??
    byLength.find(({ perMs }) => perMs >= (resetMs ?? 0)) ??
    byLength.at(-1);
  if (!meant) return [];
  const resetsInMs = Math.min(restMsMax, Math.max(1, resetMs ?? windowMs ?? meant.perMs));
  return [{ perMs: meant.perMs, left, resetsInMs }];
}
