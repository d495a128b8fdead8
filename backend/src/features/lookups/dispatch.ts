import type { Answer as RunnerAnswer, SecretValue } from "@assay/proto";
import type { IndicatorKind, Language } from "@assay/contract";
import type { Logger } from "@assay/process";
import type { Clock } from "../../context.ts";
import type { PlannableSource } from "./plannable.ts";
import type { RunnerPool } from "./runner-pool.ts";

export interface DispatchJob {
  readonly lookupId: string;
  /** Nobody waits for it. */
  readonly background: boolean;
  readonly indicator: { readonly data: string; readonly kind: IndicatorKind };
  readonly language: Language;
  readonly sources: readonly PlannableSource[];
  /** By source. */
  readonly secrets: ReadonlyMap<PlannableSource, readonly SecretValue[]>;
  /** Milliseconds since the epoch. */
  readonly deadlineAtMs: number;
  readonly signal: AbortSignal;
  readonly onAnswer: (source: PlannableSource, answer: RunnerAnswer, attempt: number) => void;
}

export interface Undone {
  readonly sources: readonly PlannableSource[];
  readonly reason: string;
  /** Some runner was given them; what it did with them is not known. */
  readonly wasSent: boolean;
}

/** A lookup is given to so many runners at the most: a source that kills them must not go on for ever. */
const attemptsMax = 3;

/**
 * Asks all sources of one language on one stream. When the runner fails, what is still out goes to another runner, or to the
 * same one once it is back. Returns the sources that no runner could be had for.
 */
export async function dispatch(
  pool: RunnerPool,
  job: DispatchJob,
  { log, clock }: { readonly log: Logger; readonly clock: Clock },
): Promise<Undone> {
  const isOver = (): boolean => job.signal.aborted || clock.now().getTime() >= job.deadlineAtMs;
  const out = new Map(job.sources.map((source) => [source.snapshot.id, source]));
  let reason = "";
  let wasSent = false;
  for (let attempt = 1; attempt <= attemptsMax && out.size > 0 && !isOver(); attempt++) {
    const found = await pool.acquire(job.language, job.deadlineAtMs, job.signal);
    if (!found.ok) {
      reason = found.reason;
      break;
    }
    wasSent = true;
    try {
      await found.runner.fetchData({ ...job, sources: [...out.values()] }, (sourceId, answer) => {
        const source = out.get(sourceId);
        // A second answer, or one that nobody asked for, is the runner's mistake: it changes nothing.
        if (!source || job.signal.aborted) return;
        job.onAnswer(source, answer, attempt);
        out.delete(sourceId);
      });
      if (out.size > 0) reason = `the runner at ${found.runner.address} ended its stream early`;
    } catch (error) {
      reason = `the runner at ${found.runner.address} ${failureOf(error)}`;
      if (!isOver())
        log.warn({ err: error, lookup: job.lookupId, attempt, sources: out.size }, "a runner failed in mid-lookup");
    } finally {
      found.release();
    }
  }
  return { sources: [...out.values()], reason, wasSent };
}

/** In our own words: what gRPC says names addresses and internals. Its codes: 14 UNAVAILABLE, 4 DEADLINE_EXCEEDED. */
function failureOf(error: unknown): string {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  if (code === 14) return "went away";
  return code === 4 ? "did not answer in time" : "failed";
}
