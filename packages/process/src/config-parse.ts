import { variables, type VariableName, type VariableValue } from "./config-variables.ts";

/** Environment variables by name, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface ConfigProblem {
  readonly variable: string;
  /** What is wrong, and what to do; two full sentences. */
  readonly text: string;
}

/** The environment cannot be used. `problems` holds all that is wrong with it, not only the first. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ variable, text }) => `  ${variable} ${text}`);
    super(
      `The configuration has ${problems.length === 1 ? "a problem" : `${problems.length} problems`}:\n${lines.join("\n")}`,
    );
    this.name = "ConfigError";
    this.problems = problems;
  }
}

type Values<Name extends VariableName, Required extends VariableName> = {
  readonly [Key in Name]: Key extends Required ? NonNullable<VariableValue<Key>> : VariableValue<Key>;
};

/** Empty text counts as unset: that is how Compose files and `.env` files pass a variable that was left out. */
function textOf(env: Environment, name: string): string | undefined {
  const text = env[name]?.trim();
  return text === "" ? undefined : text;
}

function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}

function unknownVariables(env: Environment): ConfigProblem[] {
  const known = Object.keys(variables);
  return Object.keys(env)
    .filter((name) => name.startsWith("ASSAY_") && !known.includes(name))
    .map((variable) => {
      const [nearest = ""] = known.toSorted((a, b) => distance(variable, a) - distance(variable, b));
      const hint = distance(variable, nearest) <= variable.length / 3 ? `Did you mean ${nearest}? ` : "";
      return { variable, text: `is not a setting of Assay. ${hint}Rename or remove it; .env.example lists all.` };
    });
}

/**
 * Reads the named variables and checks that no other `ASSAY_*` variable is set.
 * @throws ConfigError with every problem found: unreadable values, missing `required` ones, unknown names, and those of `also`.
 */
export function parseVariables<Name extends VariableName, Required extends Name = never>(
  env: Environment,
  names: readonly Name[],
  required: readonly Required[] = [],
  also: readonly ConfigProblem[] = [],
): Values<Name, Required> {
  const problems: ConfigProblem[] = [];
  const values: Partial<Record<VariableName, unknown>> = {};
  for (const variable of names) {
    const { schema, expects, secret } = { secret: false, ...variables[variable] };
    const text = textOf(env, variable);
    const result = schema.safeParse(text);
    if (!result.success) {
      problems.push({ variable, text: `${secret ? "cannot be used" : `is "${text}"`}. Give ${expects}.` });
    } else if (result.data === undefined && required.some((name) => name === variable)) {
      problems.push({ variable, text: `is missing. Give ${expects}.` });
    } else {
      values[variable] = result.data;
    }
  }
  problems.push(...unknownVariables(env), ...also);
  if (problems.length > 0) throw new ConfigError(problems);
  // Each value has been through the schema of its own name.
  return values as Values<Name, Required>;
}
