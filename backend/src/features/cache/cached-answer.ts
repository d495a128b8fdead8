import type { Answer, CacheLifetimes } from "@assay/contract";
import type { AskedIndicator } from "./cache-key.ts";
import { lifetimeSecondsOf, staleSecondsOf } from "./lifetime.ts";

/** What a source said: the part of an answer that is the same whoever asks. Logs and calls stay with the lookup that made them. */
export type Said = Pick<
  Answer,
  | "outcome"
  | "problems"
  | "data"
  | "verdict"
  | "reasons"
  | "labels"
  | "facts"
  | "relations"
  | "link"
  | "observedAt"
  | "fetchedAt"
>;

/** An answer in the cache, or of a flight. Times in milliseconds since the epoch. */
export interface CachedAnswer {
  readonly indicator: AskedIndicator;
  readonly fetchedAtMs: number;
  readonly expiresAtMs: number;
  /** From then on it is not given even as stale. */
  readonly goneAtMs: number;
  readonly said: Said;
  /** `said` as JSON text. */
  readonly json: string;
  /** The flight that it came of; null: of one that only this process knew. */
  readonly flight: string | null;
}

/** What is kept of an answer that a source has just given. */
export function cachedAnswerOf(
  answer: Answer,
  indicator: AskedIndicator,
  lifetimes: CacheLifetimes,
  flight: string | null,
): CachedAnswer {
  const said = saidOf(answer);
  const fetchedAtMs = Date.parse(answer.fetchedAt);
  const lifetimeMs = lifetimeSecondsOf(lifetimes, answer) * 1000;
  const expiresAtMs = fetchedAtMs + lifetimeMs;
  const staleMs = lifetimeMs > 0 ? staleSecondsOf(lifetimes, answer) * 1000 : 0;
  const goneAtMs = expiresAtMs + staleMs;
  return { indicator, fetchedAtMs, expiresAtMs, goneAtMs, said, json: JSON.stringify(said), flight };
}

function saidOf(answer: Answer): Said {
  const { outcome, problems, data, verdict, reasons, labels, facts, relations, link, observedAt, fetchedAt } = answer;
  return { outcome, problems, data, verdict, reasons, labels, facts, relations, link, observedAt, fetchedAt };
}

/** Whether an answer is kept at all. */
export function isKeptAnswer({ fetchedAtMs, expiresAtMs }: CachedAnswer): boolean {
  return expiresAtMs > fetchedAtMs;
}
