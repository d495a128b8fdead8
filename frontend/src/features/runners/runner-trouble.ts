import type { RunnerStatus } from "@assay/contract";

export interface RunnerTrouble {
  readonly runner: RunnerStatus;
  readonly title: string;
  /** What it means, and what to do. */
  readonly advice: string;
}

export const languageWords = { JAVASCRIPT: "JavaScript", PYTHON: "Python" } as const;

/** What is wrong with the runners, worst first; empty when all is well. */
export function runnerTroubles(runners: readonly RunnerStatus[]): RunnerTrouble[] {
  return runners.flatMap((runner) => {
    const language = languageWords[runner.language];
    const others = runners.some(
      (other) => other !== runner && other.language === runner.language && other.state === "serving",
    );
    const effect = others ? "Other runners answer for it." : `Sources in ${language} fail until it serves.`;
    switch (runner.state) {
      case "refused":
        return [
          {
            runner,
            title: `The ${language} runner refuses to run code`,
            advice: `${runner.reason ?? "It cannot fence code in."} ${effect}`,
          },
        ];
      case "unreachable":
        return [
          {
            runner,
            title: `The ${language} runner cannot be reached`,
            advice: `${runner.reason ?? `Nothing answers at ${runner.address}.`} ${effect}`,
          },
        ];
      case "serving":
        return fenceTrouble(runner, language);
    }
  });
}

/** What a runner's fence leaves open; nothing when it is whole. */
function fenceTrouble(runner: RunnerStatus, language: string): RunnerTrouble[] {
  switch (runner.sandbox) {
    case "off":
      return [
        {
          runner,
          title: `The ${language} runner has no fence`,
          advice: "User code is not isolated there. Run only sources that you trust, or turn the sandbox on.",
        },
      ];
    case "landlock":
      return [
        {
          runner,
          title: `The ${language} runner has a weaker fence`,
          advice:
            "It cannot make namespaces, so user code is kept in by Landlock: it opens no files, makes no connections and signals no other process, but sees which paths and processes exist. The runner's log says what to change for the whole fence.",
        },
      ];
    case "bubblewrap":
    case null:
      return [];
  }
}
