import type { SandboxOutcome, SandboxProblem } from "@assay/runner-common";

export function failed(problem: SandboxProblem): SandboxOutcome {
  return { kind: "failed", problem };
}
