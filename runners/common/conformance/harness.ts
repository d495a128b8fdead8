import { createHash } from "node:crypto";
import { createRunnerClient, type Answer, type RunnerClient, type SecretValue } from "@assay/proto";
import { createLogger } from "@assay/process";
import { createEgressBroker, type EgressOptions } from "../src/egress/broker.ts";
import type { Executor } from "../src/executor.ts";
import { startRunner } from "../src/start-runner.ts";

export interface Source {
  readonly sourceId: string;
  readonly codeHash: string;
  readonly code: string;
  /** Default: none. */
  readonly hosts?: readonly string[];
  /** Default: {}. */
  readonly configJson?: string;
  /** Default: none. */
  readonly secrets?: readonly SecretValue[];
}

export interface ConformanceRunner {
  readonly client: RunnerClient;
  /** Asks sources that the runner may not know yet, one answer each, in the order in which they came. */
  readonly ask: (sources: readonly Source[], data: string, timeoutMs?: number) => Promise<Map<string, Answer>>;
  readonly close: () => Promise<void>;
}

/** More than any executor needs to stop a source that has overrun its time, on a busy machine. */
const graceMs = 30_000;

/** A source with the hash of its code. */
export function sourceOf(sourceId: string, code: string): Source {
  return { sourceId, code, codeHash: createHash("sha256").update(code).digest("hex") };
}

/**
 * Asks sources that a runner may not know yet, one answer each, in the order in which they came. Rejects with a gRPC error when the
 * runner does not take the code, or gives no answer long after its time.
 */
export function askSources(
  client: RunnerClient,
  sources: readonly Source[],
  data: string,
  timeoutMs = 1_000,
): Promise<Map<string, Answer>> {
  return new Promise((resolve, reject) => {
    const answers = new Map<string, Answer>();
    const calls = sources.map(({ sourceId, codeHash, hosts = [], configJson = "{}", secrets = [] }) => {
      return { sourceId, codeHash, timeoutMs, configJson, hosts, secrets };
    });
    const stream = client.fetchData(
      { lookupId: "conformance", indicator: { data, kind: "DOMAIN" }, sources: calls },
      { deadlineMs: Date.now() + timeoutMs + graceMs },
    );
    const fail = (error: unknown): void => {
      reject(error);
      stream.cancel();
    };
    stream.on("data", (event) => {
      const source = sources.find(({ sourceId }) => sourceId === event.sourceId);
      if (event.event === "answer") answers.set(event.sourceId, event.answer);
      else if (source !== undefined) client.update(source).catch(fail);
    });
    stream.on("end", () => resolve(answers));
    stream.on("error", reject);
  });
}

/** A real runner on a free port with the real broker, which by itself lets nothing private out, and a client of it. */
export async function openConformanceRunner(
  executor: Executor,
  egress: EgressOptions = { allowPrivate: [], staticHosts: {} },
): Promise<ConformanceRunner> {
  const token = "a token that only this test knows";
  const runner = await startRunner({
    executor,
    egress: createEgressBroker(egress),
    listen: "127.0.0.1:0",
    token,
    sandbox: "bubblewrap",
    concurrency: 16,
    logger: createLogger({ name: "conformance", level: "error", format: "pretty" }),
  });
  const client = createRunnerClient(runner.address, token);
  return {
    client,
    ask: (sources, data, timeoutMs) => askSources(client, sources, data, timeoutMs),
    async close() {
      client.close();
      await runner.close();
    },
  };
}
