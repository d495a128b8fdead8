import { nearestName, type SecretSlot } from "@assay/contract";
import type { SecretValue } from "@assay/proto";
import type { Surroundings } from "../command.ts";
import type { WholeSource } from "../source-folder.ts";
import { ToolError } from "../tool-error.ts";

/** Shorter values are not looked for in what came back: they would be found everywhere. */
const secretCharsMin = 6;

/**
 * The secrets of a live run, from what was typed: `NAME=env:VARIABLE`, or `NAME` to be asked for it. A value itself is never taken from
 * the command line, which others can read.
 * @throws ToolError that repeats no value
 */
export async function readSecrets(
  typed: readonly string[],
  { manifest }: WholeSource,
  { env, terminal, signal }: Surroundings,
): Promise<SecretValue[]> {
  const values = new Map<string, string>();
  for (const text of typed) {
    const [name = ""] = text.split("=", 1);
    const slot = slotOf(name, manifest.secrets);
    if (values.has(slot.name)) throw new ToolError(`--secret ${name} is given twice.`);
    const value =
      text === name
        ? await terminal.readSecret(`${name}: `, signal)
        : fromEnvironment(name, text.slice(name.length + 1), env);
    if ([...value].length < secretCharsMin)
      throw new ToolError(
        `The secret ${name} has fewer than ${secretCharsMin} characters: it could not be kept out of what is shown.`,
      );
    values.set(slot.name, value);
  }
  for (const { name, required } of manifest.secrets)
    if (required && !values.has(name))
      throw new ToolError(
        `The source needs the secret ${name}: --secret ${name}=env:VARIABLE, or --secret ${name} to be asked for it.`,
      );
  return manifest.secrets.flatMap(({ name, hosts, exposed }) => {
    const value = values.get(name);
    return value === undefined ? [] : [{ name, value, hosts, exposed }];
  });
}

function slotOf(name: string, slots: readonly SecretSlot[]): SecretSlot {
  const slot = slots.find((known) => known.name === name);
  if (slot !== undefined) return slot;
  const names = slots.map((known) => known.name);
  const nearest = nearestName(name, names);
  const known =
    names.length === 0 ? "It has none; add it to `secrets` of the manifest." : `It has ${names.join(", ")}.`;
  throw new ToolError(
    `The source has no secret "${name}". ${nearest === undefined ? known : `Did you mean ${nearest}?`}`,
  );
}

function fromEnvironment(name: string, place: string, env: Surroundings["env"]): string {
  if (!place.startsWith("env:"))
    throw new ToolError(
      `--secret ${name}: a value does not belong on the command line, where others can read it. Write ${name}=env:VARIABLE, or only ${name} to be asked for it.`,
    );
  const variable = place.slice("env:".length);
  const value = env[variable];
  if (value !== undefined && value !== "") return value;
  throw new ToolError(`--secret ${name}: the environment variable ${variable} is not set.`);
}
