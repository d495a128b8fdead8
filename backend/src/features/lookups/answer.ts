import {
  type Answer,
  type AnswerCache,
  type AnswerProblem,
  type AskedFor,
  failureCodes,
  type Json,
  skipCodes,
  type SourceResult,
  type SourceSnapshot,
} from "@assay/contract";
import type { Answer as RunnerAnswer, HttpCall as RunnerHttpCall, Problem as RunnerProblem } from "@assay/proto";
import type { CachedAnswer } from "../cache/cached-answer.ts";
import type { PlannableSource } from "./plannable.ts";
import { readSourceResult } from "./source-result.ts";
import { mayBeUnstorable, storable } from "./storable.ts";

/** When a source was asked, and under which trace. */
export interface Asked {
  /** The id that its answer gets. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly traceId: string;
  /** What the source was asked, where that is less than the lookup's indicator. */
  readonly askedFor?: AskedFor | undefined;
}

const nothing: SourceResult = {
  data: null,
  verdict: "none",
  reasons: [],
  labels: [],
  facts: {},
  relations: [],
  link: null,
  observedAt: null,
};
const skipWords: ReadonlySet<string> = new Set(skipCodes);
const failureWords: ReadonlySet<string> = new Set(failureCodes);

/** An answer with its JSON text. */
export interface WrittenAnswer {
  readonly answer: Answer;
  readonly json: string;
  /** What it was made of, where it is a hit. */
  readonly hit?: CachedAnswer;
}

/** What an answer that was fetched at this time says of the cache. */
export type CacheWordsOf = (
  outcome: Answer["outcome"],
  problems: readonly AnswerProblem[],
  fetchedAtMs: number,
) => AnswerCache;

export const notCached = (): AnswerCache => ({ state: "off", ageSeconds: 0, expiresAt: null });

/** The answer of a source that was not asked, or whose runner could not be had. */
export function answerWithout(
  source: PlannableSource,
  outcome: "skipped" | "failed",
  problems: readonly AnswerProblem[],
  asked: Asked,
): WrittenAnswer {
  return assemble(source, outcome, problems, nothing, asked, undefined, notCached);
}

/** The answer of a source as the runner tells it, its opinion validated. */
export function answerOf(
  source: PlannableSource,
  told: RunnerAnswer,
  asked: Asked,
  words: CacheWordsOf = notCached,
): WrittenAnswer {
  if (told.outcome === "not_found") return assemble(source, "not_found", [], nothing, asked, told, words);
  if (told.outcome !== "ok") {
    const problem = problemOf(source, told.problem ?? null);
    const outcome = skipWords.has(problem.code) ? "skipped" : "failed";
    return assemble(source, outcome, [problem], nothing, asked, told, words);
  }
  const read = readSourceResult(told.resultJson);
  if (read.ok) return assemble(source, "ok", [], read.result, asked, told, words);
  const problem: AnswerProblem = { code: "BAD_RESPONSE", message: read.message };
  return assemble(source, "failed", [problem], nothing, asked, told, words);
}

/** What a source said before, or to somebody else, as an answer of this lookup. */
export function answerFromCache(
  source: PlannableSource,
  cached: CachedAnswer,
  state: "hit" | "stale" | "coalesced",
  asked: Asked,
): WrittenAnswer {
  const { said, json, fetchedAtMs, expiresAtMs } = cached;
  const own = {
    id: asked.id,
    source: source.snapshot,
    timing: noTime(new Date(asked.startedAtMs).toISOString(), new Date(asked.endedAtMs).toISOString()),
    cache: {
      state,
      ageSeconds: ageSeconds(fetchedAtMs, asked.endedAtMs),
      expiresAt: expiresAtMs > fetchedAtMs ? new Date(expiresAtMs).toISOString() : null,
    },
    http: [],
    logs: [],
    traceId: asked.traceId,
    ...(asked.askedFor !== undefined && { askedFor: asked.askedFor }),
  };
  const answer: Answer = { ...said, ...own };
  return {
    answer,
    // Many are never written. The text of what was said is not made anew, nor that of the source.
    get json() {
      const { source: snapshot, ...rest } = own;
      return `${JSON.stringify(rest).slice(0, -1)},"source":${snapshotText(snapshot)},${json.slice(1)}`;
    },
    ...(state === "hit" && { hit: cached }),
  };
}

/** The timing of what was at hand or was not asked. */
export function noTime(startedAt: string, endedAt: string): Answer["timing"] {
  return { startedAt, endedAt, queuedMs: 0, sandboxMs: 0, upstreamMs: 0 };
}

/** How old an answer is that was given at a time; both in milliseconds since the epoch. */
export function ageSeconds(fetchedAtMs: number, givenAtMs: number): number {
  return Math.max(0, Math.round((givenAtMs - fetchedAtMs) / 1000));
}

const snapshotTexts = new WeakMap<SourceSnapshot, string>();

function snapshotText(snapshot: SourceSnapshot): string {
  const known = snapshotTexts.get(snapshot);
  if (known !== undefined) return known;
  const text = JSON.stringify(snapshot);
  snapshotTexts.set(snapshot, text);
  return text;
}

function assemble(
  source: PlannableSource,
  outcome: Answer["outcome"],
  problems: readonly AnswerProblem[],
  result: SourceResult,
  asked: Asked,
  told: RunnerAnswer | undefined,
  words: CacheWordsOf,
): WrittenAnswer {
  const endedAt = new Date(asked.endedAtMs).toISOString();
  return written({
    id: asked.id,
    source: source.snapshot,
    outcome,
    problems: [...problems],
    ...(asked.askedFor !== undefined && outcome !== "skipped" && { askedFor: asked.askedFor }),
    ...result,
    fetchedAt: endedAt,
    timing: {
      startedAt: new Date(asked.startedAtMs).toISOString(),
      endedAt,
      queuedMs: tenths(told?.timing?.queuedMs),
      sandboxMs: tenths(told?.timing?.sandboxMs),
      upstreamMs: tenths(told?.timing?.upstreamMs),
    },
    cache: words(outcome, problems, asked.endedAtMs),
    http: (told?.http ?? []).map(httpCallOf),
    logs: (told?.logs ?? []).map((line) => ({ ...line, atMs: tenths(line.atMs) })) as Answer["logs"],
    traceId: asked.traceId,
  });
}

function httpCallOf({ rateLimit, ...call }: RunnerHttpCall): Answer["http"][number] {
  return {
    ...call,
    atMs: tenths(call.atMs),
    durationMs: tenths(call.durationMs),
    ...(rateLimit && {
      rateLimit: {
        stop: rateLimit.stop,
        limit: rateLimit.limit || null,
        left: rateLimit.left < 0 ? null : rateLimit.left,
        resetMs: rateLimit.resetMs || null,
        windowMs: rateLimit.windowMs || null,
      },
    }),
  };
}

/** Milliseconds to the tenth: what comes after it is noise. */
const tenths = (ms = 0): number => Math.round(ms * 10) / 10;

function written(answer: Answer): WrittenAnswer {
  const json = JSON.stringify(answer);
  if (!mayBeUnstorable(json)) return { answer, json };
  const clean = storable(answer as unknown as Json) as unknown as Answer;
  return { answer: clean, json: JSON.stringify(clean) };
}

function problemOf(source: PlannableSource, told: RunnerProblem | null): AnswerProblem {
  if (told === null) return { code: "INTERNAL", message: "The runner named no reason" };
  const known = skipWords.has(told.code) || failureWords.has(told.code);
  return {
    code: known ? (told.code as AnswerProblem["code"]) : "INTERNAL",
    message: told.message,
    ...(told.line > 0 ? { line: told.line } : {}),
    ...(told.column > 0 ? { column: told.column } : {}),
    ...(told.host === "" ? {} : { host: told.host }),
    ...(told.retryAfterMs > 0 ? { retryAfterMs: told.retryAfterMs } : {}),
    ...(told.status > 0 ? { status: told.status } : {}),
    ...(told.limit === "" ? {} : { limit: told.limit as NonNullable<AnswerProblem["limit"]> }),
    ...(told.code === "RUNNER_UNAVAILABLE" ? { language: source.language } : {}),
  };
}
