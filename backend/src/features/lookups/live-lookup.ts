import type { Answer, PlanRow, RequestStatus, RequestSummary, Verdict } from "@assay/contract";
import type { WrittenAnswer } from "./answer.ts";
import type { LookupRecord, Premises } from "./events.ts";
import { verdictAfter } from "./events.ts";

/**
 * A lookup that this process runs. What watchers may see is what has been stored, so that nothing they saw can be lost:
 *
 *     running ──all answered──▶ completed ┐
 *        ├──────cancelled─────▶ cancelled ├──stored──▶ settled (leaves memory)
 *        └──deadline passed───▶ expired   ┘
 */
export interface LiveLookup {
  request: Omit<RequestSummary, "verdict" | "status" | "completedAt" | "prunedAnswers">;
  readonly premises: Premises;
  readonly plan: readonly PlanRow[];
  /** Milliseconds since the epoch. */
  readonly deadlineAtMs: number;
  /** Answers that are older than this are not taken from the cache; milliseconds since the epoch. */
  readonly cachedSinceMs: number;
  /** Takes answers whose lifetime is over, where the source allows it. */
  readonly takesStale: boolean;
  readonly answers: WrittenAnswer[];
  readonly abort: AbortController;
  status: RequestStatus;
  completedAtMs: number | null;
  /** When all that it asked was given from the cache in one go; null: it was not, or has not ended. */
  cachedAtMs: number | null;
  /** The verdict over so many of the answers, as it was last weighed. */
  weighed: { readonly answers: number; readonly verdict: Verdict } | null;
  /** What the database has: how many of the answers, and the status with them; null before the first write. */
  stored: { readonly answers: number; readonly status: RequestStatus } | null;
  /** Called after every write. While there are any, every answer is written at once. */
  readonly watchers: Set<() => void>;
  /** Resolved when all of it is in the database, or the database has refused it for good. */
  readonly gone: PromiseWithResolvers<void>;
}

/** What a lookup begins with; one that is taken over has some answers already. */
type Beginning = Pick<LiveLookup, "request" | "premises" | "plan" | "deadlineAtMs" | "cachedSinceMs" | "takesStale"> &
  Partial<Pick<LiveLookup, "answers" | "stored">>;

/** A lookup that is to be run. */
export function newLiveLookup(beginning: Beginning): LiveLookup {
  return {
    answers: [],
    stored: null,
    ...beginning,
    abort: new AbortController(),
    status: "running",
    completedAtMs: null,
    cachedAtMs: null,
    weighed: null,
    watchers: new Set(),
    gone: Promise.withResolvers(),
  };
}

/** The lookup as of now, or as of what the database has. */
export function recordOf(lookup: LiveLookup, as: "now" | "stored"): LookupRecord {
  const count = as === "now" ? lookup.answers.length : (lookup.stored?.answers ?? 0);
  const status = as === "now" ? lookup.status : (lookup.stored?.status ?? "running");
  const answers: Answer[] = lookup.answers.slice(0, count).map((written) => written.answer);
  return { request: summaryOf(lookup, status, answers), plan: lookup.plan, answers };
}

function summaryOf(lookup: LiveLookup, status: RequestStatus, answers: readonly Answer[]): RequestSummary {
  const completedAt =
    status === "running" || lookup.completedAtMs === null ? null : new Date(lookup.completedAtMs).toISOString();
  // Retention leaves alone what runs or has just ended.
  return { ...lookup.request, status, completedAt, verdict: verdictOver(lookup, answers), prunedAnswers: null };
}

function verdictOver(lookup: LiveLookup, answers: readonly Answer[]): Verdict {
  if (lookup.weighed?.answers === answers.length) return lookup.weighed.verdict;
  const { request, premises, plan } = lookup;
  const { createdAt, ignoreLists } = request;
  const verdict = verdictAfter({ createdAt, ignoreLists, ...premises, plan, answers }, answers.length);
  lookup.weighed = { answers: answers.length, verdict };
  return verdict;
}

/** Whether everything, the end included, is in the database. */
export function isSettled(lookup: LiveLookup): boolean {
  return (
    lookup.status !== "running" &&
    lookup.stored?.status === lookup.status &&
    lookup.stored.answers === lookup.answers.length
  );
}
