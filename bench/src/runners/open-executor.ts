import type { CodeUnit, Executor, Fence, SandboxOutcome } from "@assay/runner-common";
import { createJavascriptExecutor } from "@assay/runner-javascript";
import { createPythonExecutor, findInterpreter } from "@assay/runner-python";
import type { Language } from "./sources.ts";

/** Host processes of the JavaScript runner, as many as its default on two cores. */
export const javascriptHosts = 2;

/** The executor of a language with its real sandboxes, as the runner has it. */
export async function openExecutor(language: Language, fence: Fence, hosts = javascriptHosts): Promise<Executor> {
  if (language === "JAVASCRIPT") return createJavascriptExecutor({ fence, processes: hosts });
  return createPythonExecutor({ fence, interpreter: await findInterpreter("/usr/bin/python3") });
}

/** One call inside the runner: no gRPC, no slots. */
export function runOnce(executor: Executor, unit: CodeUnit, timeoutMs = 10_000): Promise<SandboxOutcome> {
  const indicator = { data: "192.0.2.1", kind: "IPV4" };
  return executor.run({
    unit,
    inputJson: JSON.stringify({ indicator, config: {}, deadlineMs: Date.now() + timeoutMs }),
    timeoutMs,
    signal: new AbortController().signal,
    onEgress: async () => '{"ok":false,"code":"EGRESS_DENIED","message":"The bench lets nothing out."}',
    onLog: () => {},
  });
}

/** The same, where anything but an answer makes a figure worthless. */
export async function answered(executor: Executor, unit: CodeUnit): Promise<void> {
  const outcome = await runOnce(executor, unit);
  if (outcome.kind !== "returned") throw new Error(`${unit.sourceId} did not answer: ${JSON.stringify(outcome)}`);
}
