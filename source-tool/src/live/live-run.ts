import { configValueProblems, type IndicatorKind, type JsonObject, nearestName } from "@assay/contract";
import { canonicalise, detect, indicatorKinds, isIndicatorKind, refang } from "@assay/indicators";
import { readSandboxConfig } from "@assay/process";
import type { Answer, SecretValue } from "@assay/proto";
import { openBroker } from "@assay/runner-common";
import type { Arguments, OptionSpec, Surroundings } from "../command.ts";
import { runSourceOnce } from "../run-source.ts";
import { openSandboxes, type Sandboxes } from "../sandboxes.ts";
import { findFolder, readSource, type WholeSource, wholeSource } from "../source-folder.ts";
import { ToolError } from "../tool-error.ts";
import { readSecrets } from "./read-secrets.ts";
import { type Recording, recordingBroker, type Taken } from "./recording-broker.ts";

/** What `run` and `record` have in common. */
export const liveOptions = {
  indicator: { type: "string" },
  kind: { type: "string" },
  config: { type: "string", multiple: true },
  secret: { type: "string", multiple: true },
} as const satisfies Record<string, OptionSpec>;

export const liveOptionsHelp = `  --indicator <data>     what to ask about, defanged or not
  --kind <kind>          its kind; detected when absent
  --config <key=value>   a setting that differs from its default; may be repeated
  --secret <NAME>        fills a slot of the manifest's secrets; asked for, or read from standard input, a line each
  --secret <NAME=env:V>  the same with the value of the environment variable V`;

/** What is asked of a source, as it was typed. */
export interface LiveInput {
  readonly source: WholeSource;
  readonly indicator: { readonly kind: IndicatorKind; readonly data: string };
  readonly config: JsonObject;
  readonly secrets: readonly SecretValue[];
}

/** @throws ToolError that names what is missing or wrong */
export async function readLiveInput(
  name: string,
  { positionals, text, all }: Arguments,
  surroundings: Surroundings,
): Promise<LiveInput> {
  const [folder] = positionals;
  const data = text("indicator");
  if (folder === undefined || data === undefined)
    throw new ToolError(
      `Name the source's folder and an indicator: "npx assay-source ${name} sources/example --indicator 198.51.100.7".`,
    );
  const source = wholeSource(readSource(findFolder(folder)));
  const indicator = readIndicator(data, text("kind"), source.manifest.indicators);
  const config = readConfig(all("config"), source);
  return { source, indicator, config, secrets: await readSecrets(all("secret"), source, surroundings) };
}

function readIndicator(data: string, typedKind: string | undefined, takes: readonly IndicatorKind[]) {
  const kind = typedKind?.toUpperCase();
  if (kind !== undefined && !isIndicatorKind(kind)) {
    const nearest = nearestName(
      kind,
      indicatorKinds.map((known) => known.kind),
    );
    throw new ToolError(
      `There is no kind "${typedKind}". ${nearest ? `Did you mean ${nearest}?` : `The source takes ${takes.join(", ")}.`}`,
    );
  }
  const kinds = kind === undefined ? [detect(data)?.kind, ...takes].filter((known) => known !== undefined) : [kind];
  for (const candidate of kinds.filter((known) => takes.includes(known))) {
    const canonical = canonicalise(candidate, refang(data));
    if (canonical.ok) return { kind: candidate, data: canonical.data };
    if (kind !== undefined) throw new ToolError(`"${data}" is no ${kind}: ${canonical.reason}`);
  }
  const found =
    kinds[0] !== undefined && (kind !== undefined || detect(data))
      ? `This is a ${kinds[0]}, and`
      : "That is no indicator that";
  throw new ToolError(
    `${found} the source takes ${takes.join(", ")}. Take another indicator, or add the kind to the manifest.`,
  );
}

function readConfig(pairs: readonly string[], { manifest }: WholeSource): JsonObject {
  const values = Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      if (at < 1) throw new ToolError(`--config "${pair}": write key=value.`);
      const key = pair.slice(0, at);
      const property = Object.hasOwn(manifest.config, key) ? manifest.config[key] : undefined;
      return [key, valueOf(pair.slice(at + 1), property?.type)];
    }),
  );
  const [problem] = configValueProblems(manifest.config, values);
  if (problem === undefined) return values;
  const nearest = Object.hasOwn(manifest.config, problem.name)
    ? undefined
    : nearestName(problem.name, Object.keys(manifest.config));
  const advice = nearest === undefined ? "" : ` Did you mean "${nearest}"?`;
  throw new ToolError(`--config ${problem.name}: ${problem.message}.${advice}`);
}

function valueOf(text: string, type: string | undefined): string | number | boolean {
  if (type === "boolean") return text === "true" ? true : text === "false" ? false : text;
  if (type !== "integer" && type !== "number") return text;
  return text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text);
}

/** One run against the real network. */
export interface LiveRun {
  readonly answer: Answer;
  /** What the source asked and got, in the order in which it asked. */
  readonly taken: readonly Taken[];
  readonly hide: Recording["hide"];
}

/**
 * Runs the source once as the runner of this machine would, with its egress settings, and hands what came of it to `use` while the
 * sandboxes are still open.
 */
export async function runLive<Result>(
  input: LiveInput,
  { env, signal }: Surroundings,
  use: (run: LiveRun, sandboxes: Sandboxes) => Promise<Result>,
): Promise<Result> {
  const settings = readSandboxConfig(env);
  const broker = openBroker(settings.egress);
  const recording = recordingBroker(broker);
  let sandboxes: Sandboxes | undefined;
  try {
    sandboxes = await openSandboxes(settings);
    const { source, ...asked } = input;
    const answer = await runSourceOnce({ sandboxes, egress: recording.broker }, source, { ...asked, signal });
    if (signal.aborted) throw new ToolError("Stopped.");
    return await use({ answer, taken: recording.taken(), hide: recording.hide }, sandboxes);
  } finally {
    await broker.close();
    await sandboxes?.close();
  }
}
