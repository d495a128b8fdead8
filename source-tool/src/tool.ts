import { nearestName } from "@assay/contract";
import { ConfigError } from "@assay/process";
import { EgressSettingError, FenceError } from "@assay/runner-common";
import { type Command, parseArguments, type Surroundings } from "./command.ts";
import { checkCommand } from "./commands/check.ts";
import { newCommand } from "./commands/new.ts";
import { recordCommand } from "./commands/record.ts";
import { runCommand } from "./commands/run.ts";
import { testCommand } from "./commands/test.ts";
import { ToolError } from "./tool-error.ts";

const commands: readonly Command[] = [newCommand, checkCommand, runCommand, recordCommand, testCommand];

const overview = `Usage: npx assay-source <command> [options]

Write a source, check it, run it, record what its upstream answers, and test it against that.

${commands.map(({ name, summary }) => `  ${name.padEnd(8)} ${summary}`).join("\n")}

"npx assay-source <command> --help" tells more. docs/writing-sources.md leads from nothing to a tested source.`;

/** Does what was typed. Resolves with the exit code: 0 when all is well, 1 when the source has faults, 2 when nothing could be done. */
export async function runTool(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { terminal } = surroundings;
  try {
    const [name = "--help", ...rest] = args;
    if (name === "--help" || name === "-h" || name === "help") {
      terminal.out(overview);
      return 0;
    }
    const command = commands.find((known) => known.name === name);
    if (command === undefined) throw new ToolError(unknownCommand(name));
    const input = parseArguments(command, rest);
    if (input !== "help") return await command.run(input, surroundings);
    terminal.out(command.help);
    return 0;
  } catch (error) {
    const isExpected = [ToolError, ConfigError, FenceError, EgressSettingError].some((kind) => error instanceof kind);
    if (!isExpected || !(error instanceof Error)) throw error;
    terminal.err(terminal.paint("red", error.message));
    return 2;
  }
}

function unknownCommand(name: string): string {
  const names = commands.map((command) => command.name);
  const nearest = nearestName(name, names);
  const advice = nearest === undefined ? `Known are ${names.join(", ")}.` : `Did you mean "${nearest}"?`;
  return `There is no command "${name}". ${advice} See "npx assay-source --help".`;
}
