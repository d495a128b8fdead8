import { createHash } from "node:crypto";
import { createRunnerClient, type Answer, type RunnerClient, type SecretValue } from "@assay/proto";
import { createLogger } from "@assay/process";
import { createEgressBroker, type EgressOptions } from "../src/egress/broker.ts";
import { sandboxLimits, type Executor } from "../src/executor.ts";
import { startRunner } from "../src/start-runner.ts";
import type { ConformanceCase } from "./conformance-case.ts";

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

/** More than any executor needs to stop a source that has overrun its time. */
const graceMs = 10_000;

/** A source with the hash of its code. */
export function sourceOf(sourceId: string, code: string): Source {
  return { sourceId, code, codeHash: createHash("sha256").update(code).digest("hex") };
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

  function ask(sources: readonly Source[], data: string, timeoutMs = 1_000): Promise<Map<string, Answer>> {
    return new Promise((resolve, reject) => {
      const answers = new Map<string, Answer>();
      const calls = sources.map(({ sourceId, codeHash, hosts = [], configJson = "{}", secrets = [] }) => {
        return { sourceId, codeHash, timeoutMs, configJson, hosts, secrets };
      });
      const stream = client.fetchData(
        { lookupId: "conformance", indicator: { data, kind: "DOMAIN" }, sources: calls },
        { deadlineMs: Date.now() + timeoutMs + graceMs },
      );
      stream.on("data", (event) => {
        const source = sources.find(({ sourceId }) => sourceId === event.sourceId);
        if (event.event === "answer") answers.set(event.sourceId, event.answer);
        else if (source !== undefined) client.update(source).catch(reject);
      });
      stream.on("end", () => resolve(answers));
      stream.on("error", reject);
    });
  }

  return {
    client,
    ask,
    async close() {
      client.close();
      await runner.close();
    },
  };
}

/** What must never be in an answer: places of the host, frames of the sandbox. */
const leak = /\/(?:work|runner|root|home|usr|tmp|proc)\/|node_modules|assay:boot|node:internal|isolated-vm/;

function faultsOf(answer: Answer, { expected, result }: ConformanceCase): string[] {
  const faults: string[] = [];
  const word = answer.outcome === "failed" ? (answer.problem?.code ?? "none") : answer.outcome;
  if (!expected.includes(word)) faults.push(`ended as ${word}: ${answer.problem?.message ?? answer.resultJson}`);
  if (word === "ok" && result !== undefined && answer.resultJson !== JSON.stringify(result)) {
    faults.push(`gave ${answer.resultJson.slice(0, 500)}`);
  }
  const text = JSON.stringify(answer);
  if (leak.test(text)) faults.push(`tells of the host: ${text.slice(0, 500)}`);
  if ((answer.problem?.message.length ?? 0) > sandboxLimits.problemMessageCharsMax) faults.push("message too long");
  if (answer.logs.length > sandboxLimits.logLinesMax + 1) faults.push("too many log lines");
  if (answer.logs.some(({ text: line }) => line.length > sandboxLimits.logLineCharsMax))
    faults.push("log line too long");
  return faults;
}

/**
 * Runs one case, calls of another source beside it for as long as it takes, and a calm call of the same source after it. Resolves with
 * all that was not as it must be.
 */
export async function runCase(
  runner: ConformanceRunner,
  attack: ConformanceCase,
  bystander: Source,
): Promise<string[]> {
  const source = sourceOf(`attack ${attack.id}`, attack.code);
  const attacking = new AbortController();
  async function standBy(): Promise<string[]> {
    const faults: string[] = [];
    do {
      const answer = (await runner.ask([bystander], "8.8.8.8", 5_000)).get(bystander.sourceId);
      if (answer?.outcome !== "ok")
        faults.push(`a bystander failed: ${answer?.problem?.code} ${answer?.problem?.message}`);
    } while (!attacking.signal.aborted);
    return faults;
  }
  const beside = standBy();
  const answer = (await runner.ask([source], "attack", attack.timeoutMs)).get(source.sourceId);
  attacking.abort();
  const faults = [...(answer === undefined ? ["no answer"] : faultsOf(answer, attack)), ...(await beside)];
  const calm = (await runner.ask([source], "calm", 5_000)).get(source.sourceId);
  if (calm?.resultJson !== '{"calm":true}') {
    faults.push(
      `the next call failed: ${calm?.outcome} ${calm?.problem?.code} ${calm?.problem?.message} ${calm?.resultJson}`,
    );
  }
  return faults;
}
