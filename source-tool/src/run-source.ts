import { effectiveConfig, type IndicatorKind, type JsonObject } from "@assay/contract";
import { stripIndicator } from "@assay/indicators";
import type { Answer, SecretValue } from "@assay/proto";
import { type EgressBroker, runAlone } from "@assay/runner-common";
import { ToolError } from "./tool-error.ts";
import type { Sandboxes } from "./sandboxes.ts";
import type { WholeSource } from "./source-folder.ts";

export interface RunInput {
  readonly indicator: { readonly kind: IndicatorKind; readonly data: string };
  /** Settings that differ from their defaults. */
  readonly config: JsonObject;
  readonly secrets: readonly SecretValue[];
  /** All that the broker may reach; the manifest's own where absent. */
  readonly hosts?: readonly string[];
  readonly signal: AbortSignal;
}

/** Runs a source once, as the runner of its language would, on what it may see of the indicator. Whatever goes wrong in the run is in the answer. */
export async function runSourceOnce(
  parts: { readonly sandboxes: Sandboxes; readonly egress: EgressBroker },
  { slug, manifest, code }: WholeSource,
  { indicator, config, secrets, hosts = manifest.hosts, signal }: RunInput,
): Promise<Answer> {
  const asked = stripIndicator(indicator, manifest.strip);
  if (asked === null)
    throw new ToolError("What the manifest's strip leaves of the indicator is no indicator any more.");
  const executor = await parts.sandboxes.executorFor(manifest.language);
  const configJson = JSON.stringify(effectiveConfig(manifest.config, config));
  const source = { sourceId: slug, timeoutMs: manifest.timeout, configJson, hosts, secrets };
  return runAlone({ executor, egress: parts.egress }, code, source, { kind: asked.kind, data: asked.data }, signal);
}
