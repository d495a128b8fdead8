import { createHash } from "node:crypto";
import type { Answer, Indicator, SourceCall } from "@assay/proto";
import { ROOT_CONTEXT } from "@opentelemetry/api";
import type { EgressBroker } from "./egress/broker.ts";
import type { Executor } from "./executor.ts";
import { createSlots } from "./slots.ts";
import { runSource } from "./source-run.ts";
import { createSourceStore } from "./source-store.ts";

/**
 * Runs one source once, as a runner does in a FetchData call, without the server around it: for tools that have an executor and a
 * broker of their own. Never rejects; whatever happens is in the answer.
 */
export function runAlone(
  parts: { readonly executor: Executor; readonly egress: EgressBroker },
  code: string,
  source: Omit<SourceCall, "codeHash">,
  indicator: Indicator,
  signal: AbortSignal,
): Promise<Answer> {
  const store = createSourceStore(code.length);
  const codeHash = createHash("sha256").update(code).digest("hex");
  store.put(source.sourceId, codeHash, code);
  const call = { ...source, codeHash };
  const request = {
    call,
    indicator,
    background: false,
    answerByMs: Infinity,
    signal,
    traceContext: ROOT_CONTEXT,
    onMissingCode() {},
  };
  return runSource(request, { ...parts, store, slots: createSlots(1, () => 1) });
}
