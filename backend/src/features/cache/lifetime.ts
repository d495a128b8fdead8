import type { Answer, AnswerProblem, CacheLifetimes } from "@assay/contract";

type Kept = Pick<Answer, "outcome"> & { readonly problems: readonly AnswerProblem[] };

/** What an upstream says of itself. A refused key, a quota or a runner is mended from one moment to the next. */
const dampened: ReadonlySet<string> = new Set(["RATE_LIMITED", "UPSTREAM_ERROR", "BAD_RESPONSE"]);

/** How long an answer is kept, in seconds; 0: not at all. */
export function lifetimeSecondsOf(lifetimes: CacheLifetimes, { outcome, problems }: Kept): number {
  switch (outcome) {
    case "ok":
      return lifetimes.foundSeconds;
    case "not_found":
      return lifetimes.notFoundSeconds;
    case "skipped":
      return 0;
    case "failed": {
      if (problems.length === 0 || !problems.every(({ code }) => dampened.has(code))) return 0;
      // Not longer than the upstream itself wants to be left alone.
      const restSeconds = problems.flatMap(({ retryAfterMs }) => (retryAfterMs ? [retryAfterMs / 1000] : []));
      return Math.min(lifetimes.failedSeconds, ...restSeconds);
    }
  }
}

/** For how long after its lifetime an answer is still given, in seconds: a failure never. */
export function staleSecondsOf(lifetimes: CacheLifetimes, { outcome }: Kept): number {
  return outcome === "ok" || outcome === "not_found" ? lifetimes.staleSeconds : 0;
}

/** Whether anything that the source may answer is kept. */
export function isKept({ foundSeconds, notFoundSeconds, failedSeconds }: CacheLifetimes): boolean {
  return foundSeconds + notFoundSeconds + failedSeconds > 0;
}

/** Whether what one lookup got holds for another that asked the same: not when it is about the lookup that asked. */
export function isShareable({ outcome, problems }: Kept, cutShort: boolean): boolean {
  if (outcome !== "failed") return outcome !== "skipped";
  return !problems.some(({ code }) => code === "QUOTA_EXHAUSTED" || (code === "TIMEOUT" && cutShort));
}
