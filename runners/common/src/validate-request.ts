import type { FetchDataRequest, SourceCall } from "@assay/proto";
import { secretsFault } from "./secrets/secrets-fault.ts";

const timeoutMsMax = 3_600_000;
const hashPattern = /^[0-9a-f]{64}$/;

/** True for what SHA-256 gives, in lower-case hexadecimal. */
export const isCodeHash = (text: string): boolean => hashPattern.test(text);

/** What is wrong with a request as a whole, so that no source of it can be answered; undefined when nothing is. */
export function requestFault({ indicator, sources }: FetchDataRequest): string | undefined {
  if (indicator === null || indicator.data === "" || indicator.kind === "")
    return "indicator: data and kind are needed.";
  if (sources.length === 0) return "sources: name at least one.";
  const ids = new Set<string>();
  for (const [index, { sourceId }] of sources.entries()) {
    if (sourceId === "") return `sources[${index}].source_id is empty.`;
    if (ids.has(sourceId)) return `sources[${index}].source_id: ${sourceId.slice(0, 100)} is named twice.`;
    ids.add(sourceId);
  }
  return undefined;
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** What is wrong with one source of a request, the others being fine; undefined when nothing is. */
export function sourceFault({ codeHash, timeoutMs, configJson, secrets }: SourceCall): string | undefined {
  if (!isCodeHash(codeHash)) return "code_hash: 64 lower-case hexadecimal digits are needed.";
  if (timeoutMs < 1 || timeoutMs > timeoutMsMax) return `timeout_ms: a number from 1 to ${timeoutMsMax} is needed.`;
  if (!isJsonObject(configJson)) return "config_json: a JSON object is needed; {} when there is nothing to say.";
  return secretsFault(secrets);
}
