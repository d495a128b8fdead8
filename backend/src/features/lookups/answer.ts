import {
  type Answer,
  type AnswerProblem,
  type AskedFor,
  failureCodes,
  type Json,
  skipCodes,
  type SourceResult,
} from "@assay/contract";
import type { Answer as RunnerAnswer, Problem as RunnerProblem } from "@assay/proto";
import { newId } from "../../ids.ts";
import type { PlannableSource } from "./plannable.ts";
import { readSourceResult } from "./source-result.ts";
import { mayBeUnstorable, storable } from "./storable.ts";

/** When a source was asked, and under which trace. */
export interface Asked {
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

/** An answer with its JSON text, which is made once and then stored, streamed and sent as it is. */
export interface WrittenAnswer {
  readonly answer: Answer;
  readonly json: string;
}

/** The answer of a source that was not asked, or whose runner could not be had. */
export function answerWithout(
  source: PlannableSource,
  outcome: "skipped" | "failed",
  problems: readonly AnswerProblem[],
  asked: Asked,
): WrittenAnswer {
  return assemble(source, outcome, problems, nothing, asked, undefined);
}

/** The answer of a source as the runner tells it, its opinion validated. */
export function answerOf(source: PlannableSource, told: RunnerAnswer, asked: Asked): WrittenAnswer {
  if (told.outcome === "not_found") return assemble(source, "not_found", [], nothing, asked, told);
  if (told.outcome !== "ok") {
    const problem = problemOf(source, told.problem ?? null);
    return assemble(source, skipWords.has(problem.code) ? "skipped" : "failed", [problem], nothing, asked, told);
  }
  const read = readSourceResult(told.resultJson);
  if (read.ok) return assemble(source, "ok", [], read.result, asked, told);
  return assemble(source, "failed", [{ code: "BAD_RESPONSE", message: read.message }], nothing, asked, told);
}

function assemble(
  source: PlannableSource,
  outcome: Answer["outcome"],
  problems: readonly AnswerProblem[],
  result: SourceResult,
  asked: Asked,
  told: RunnerAnswer | undefined,
): WrittenAnswer {
  const endedAt = new Date(asked.endedAtMs).toISOString();
  return written({
    id: newId(),
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
    cache: { state: "off", ageSeconds: 0, expiresAt: null },
    http: (told?.http ?? []).map((call) => ({ ...call, atMs: tenths(call.atMs), durationMs: tenths(call.durationMs) })),
    logs: (told?.logs ?? []).map((line) => ({ ...line, atMs: tenths(line.atMs) })) as Answer["logs"],
    traceId: asked.traceId,
  });
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
