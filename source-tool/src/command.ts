import { parseArgs } from "node:util";
import { nearestName } from "@assay/contract";
import type { Environment } from "@assay/process";
import type { Terminal } from "./terminal.ts";
import { ToolError } from "./tool-error.ts";

export interface OptionSpec {
  readonly type: "string" | "boolean";
  readonly short?: string;
  /** May be given more than once. */
  readonly multiple?: boolean;
}

/** What was typed after the name of a command. */
export interface Arguments {
  readonly positionals: readonly string[];
  /** The last value of an option; undefined when it was not given. */
  text(option: string): string | undefined;
  /** All values of an option, in order. */
  all(option: string): string[];
}

export interface Surroundings {
  readonly terminal: Terminal;
  /** The environment, with the variables of the checkout's .env. */
  readonly env: Environment;
  /** Fires when the author has had enough. */
  readonly signal: AbortSignal;
}

export interface Command {
  readonly name: string;
  readonly summary: string;
  /** All of `--help`. */
  readonly help: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
  readonly positionalsMax: number;
  /** Resolves with the exit code. @throws ToolError */
  run(input: Arguments, surroundings: Surroundings): Promise<number>;
}

/** Reads what was typed. @throws ToolError that names what is not known, and what was meant */
export function parseArguments(command: Command, args: readonly string[]): Arguments | "help" {
  const options = { help: { type: "boolean", short: "h" }, ...command.options } as const;
  const { tokens, positionals } = parseArgs({
    args: [...args],
    options: options as Record<string, { type: "string" | "boolean" }>,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const advice = `See "npx assay-source ${command.name} --help".`;
  const given = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const spec: OptionSpec | undefined = Object.hasOwn(options, token.name)
      ? (options as Record<string, OptionSpec>)[token.name]
      : undefined;
    if (spec === undefined) throw new ToolError(`${unknownOption(token.rawName, Object.keys(options))} ${advice}`);
    if (spec.type === "boolean") {
      if (token.value !== undefined) throw new ToolError(`${token.rawName} takes no value. ${advice}`);
      given.set(token.name, ["true"]);
    } else if (token.value === undefined || (token.value.startsWith("-") && !token.inlineValue)) {
      throw new ToolError(`${token.rawName} needs a value. ${advice}`);
    } else {
      const values = given.get(token.name) ?? [];
      if (values.length > 0 && spec.multiple !== true)
        throw new ToolError(`${token.rawName} is given twice. ${advice}`);
      given.set(token.name, [...values, token.value]);
    }
  }
  if (given.has("help")) return "help";
  const surplus = positionals[command.positionalsMax];
  if (surplus !== undefined) throw new ToolError(`"${surplus}" is one word too many. ${advice}`);
  return {
    positionals,
    text: (option) => given.get(option)?.at(-1),
    all: (option) => given.get(option) ?? [],
  };
}

function unknownOption(typed: string, known: readonly string[]): string {
  const nearest = nearestName(typed.replace(/^-+/, ""), known);
  return `There is no option ${typed}.${nearest === undefined ? "" : ` Did you mean --${nearest}?`}`;
}
