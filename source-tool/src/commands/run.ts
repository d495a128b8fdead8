import type { Command } from "../command.ts";
import { liveOptions, liveOptionsHelp, readLiveInput, runLive } from "../live/live-run.ts";
import { showAnswer } from "../live/show-answer.ts";

export const runCommand: Command = {
  name: "run",
  summary: "ask the real upstream once, and show answer, logs and calls",
  help: `Usage: npx assay-source run <folder or slug> --indicator <data> [options]

Runs the source once in the real sandbox, through the real egress broker, against the real network. The ASSAY_EGRESS_ settings of
the runner hold here, too. Nothing is written.

${liveOptionsHelp}`,
  options: liveOptions,
  positionalsMax: 1,
  async run(typed, surroundings) {
    const input = await readLiveInput("run", typed, surroundings);
    return runLive(input, surroundings, ({ answer }) => {
      showAnswer(answer, surroundings.terminal);
      return Promise.resolve(answer.outcome === "failed" ? 1 : 0);
    });
  },
};
