import type { Answer, HttpCall, LogLine, Problem, Timing } from "@assay/proto";
import { sandboxLimits, type SandboxOutcome, type SandboxProblem } from "./executor.ts";

/** A problem of the runner's own beside those of sandboxes. */
export interface RunnerProblem {
  readonly code: "MISSING_SOURCE_CODE" | "INTERNAL";
  readonly message: string;
}

interface Circumstances {
  readonly timing: Timing;
  readonly logs: readonly LogLine[];
  readonly http: readonly HttpCall[];
}

function problemOf(problem: SandboxProblem | RunnerProblem): Problem {
  const details: Partial<SandboxProblem> = problem as Partial<SandboxProblem>;
  const { line = 0, column = 0, host = "", retryAfterMs = 0, status = 0, limit = "" } = details;
  const message = problem.message.slice(0, sandboxLimits.problemMessageCharsMax).toWellFormed();
  return { code: problem.code, message, line, column, host: host.toWellFormed(), retryAfterMs, status, limit };
}

/** The wire form of how a run ended. */
export function answerOf(
  outcome: SandboxOutcome | { readonly kind: "failed"; readonly problem: SandboxProblem | RunnerProblem },
  circumstances: Circumstances,
): Answer {
  switch (outcome.kind) {
    case "returned":
      return { outcome: "ok", resultJson: outcome.json, problem: null, ...circumstances };
    case "notFound":
      return { outcome: "not_found", resultJson: "", problem: null, ...circumstances };
    case "failed":
      return { outcome: "failed", resultJson: "", problem: problemOf(outcome.problem), ...circumstances };
  }
}
