import { setTimeout } from "node:timers/promises";
import { createLogger } from "@assay/process";
import { createRunnerClient, type Answer, type RunnerClient } from "@assay/proto";
import { createEgressBroker, startRunner, type CodeUnit, type Fence } from "@assay/runner-common";
import { repeat } from "../floors/grpc-stream.ts";
import { number, say } from "../say.ts";
import { figure, p50, timed, timedEach } from "./figures.ts";
import { openExecutor } from "./open-executor.ts";
import { attacks, computing, computingMs, quickSource, slow, slowMs, type Language } from "./sources.ts";

const concurrency = 16;
const others = 8;
const waitingCalls = 100;
const attackTimeoutMs = 1000;
/** Calls of the hostile source under way, as many as it may have. */
const hostileCalls = concurrency / 4;
const refusedPauseMs = 50;
/** Difference between the calls alone before and after from which on a figure is worth little. */
const unquiet = 0.2;

/** One lookup of one source over gRPC; undefined when it was cancelled. */
function ask(
  client: RunnerClient,
  unit: CodeUnit,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<Answer | undefined> {
  const { sourceId, codeHash } = unit;
  const call = { sourceId, codeHash, timeoutMs, configJson: "{}", hosts: [], secrets: [] };
  const request = { lookupId: "bench", indicator: { data: "192.0.2.1", kind: "IPV4" }, sources: [call] };
  return new Promise((resolve, reject) => {
    let answer: Answer | undefined;
    const stream = client.fetchData(request, signal === undefined ? {} : { signal });
    stream.on("data", (event) => {
      if (event.event === "answer") answer = event.answer;
      else client.update(unit).catch(reject);
    });
    stream.on("end", () => resolve(answer));
    stream.on("error", (error) => (signal?.aborted ? resolve(undefined) : reject(error)));
  });
}

/** What one source does to the others of its runner, through the real server and its slots. */
export async function benchFairness(language: Language, fence: Fence, seconds: number, samples: number): Promise<void> {
  const runner = await startRunner({
    ...{
      executor: await openExecutor(language, fence),
      egress: createEgressBroker({ allowPrivate: [], staticHosts: {} }),
    },
    ...{ listen: "127.0.0.1:0", token: "bench", sandbox: fence.kind, concurrency },
    logger: createLogger({ name: "bench", level: "error", format: "pretty" }),
  });
  const client = createRunnerClient(runner.address, "bench");
  const quick = Array.from({ length: others }, (_, n) => quickSource(language, n));
  const bystander = quickSource(language, others);
  const failures = { count: 0 };

  async function answered(unit: CodeUnit): Promise<void> {
    const answer = await ask(client, unit, 10_000);
    if (answer?.outcome !== "ok") failures.count++;
  }

  /** Keeps so many calls of a source under way while `work` runs. */
  async function beside<Value>(
    unit: CodeUnit,
    atOnce: number,
    timeoutMs: number,
    work: () => Promise<Value>,
  ): Promise<Value> {
    const ending = new AbortController();
    const loops = Array.from({ length: atOnce }, async () => {
      while (!ending.signal.aborted) {
        const answer = await ask(client, unit, timeoutMs, ending.signal);
        // A source at rest is refused at once; to ask again just as fast would be the callers' attack, not the source's.
        if (answer?.problem?.code === "SANDBOX_LIMIT") await setTimeout(refusedPauseMs);
      }
    });
    try {
      return await work();
    } finally {
      ending.abort();
      await Promise.all(loops);
    }
  }

  try {
    for (const unit of [...quick, bystander, bystander]) await answered(unit);
    let next = 0;
    const throughput = (): Promise<number> =>
      repeat(() => answered(quick[next++ % others] ?? bystander), seconds, others);
    const latency = async (): Promise<number> => p50(await timedEach(samples, () => answered(bystander)));

    await throughput();
    let before = await throughput();
    figure("others' calls, alone", before, "/s");
    for (const unit of attacks[language]) {
      const rate = await beside(unit, hostileCalls, attackTimeoutMs, throughput);
      const after = await throughput();
      // Before and after, so that a machine that gets faster or slower meanwhile is not taken for the source's doing.
      const share = 100 * Math.max(0, 1 - rate / ((before + after) / 2));
      figure(`what one hostile source takes of them: ${unit.sourceId}`, share, "%", { atMost: 20 });
      if (Math.abs(before - after) > unquiet * Math.max(before, after))
        say(`    not a quiet machine: alone ${number(before)} /s before, ${number(after)} /s after`);
      before = after;
    }

    const calm = await latency();
    const behind = await beside(slow[language], waitingCalls, 120_000, latency);
    figure("another source's lookup, alone, p50", calm, "ms");
    figure(`more of it beside ${waitingCalls} waiting of one of ${slowMs} ms, p50`, behind - calm, "ms", {
      atMost: calm,
    });

    let calmBefore = await latency();
    for (const unit of attacks[language]) {
      const during = await beside(unit, 1, attackTimeoutMs, latency);
      const calmAfter = await latency();
      figure(`lookup beside: ${unit.sourceId}, p50 over the calm one`, (2 * during) / (calmBefore + calmAfter), "×");
      calmBefore = calmAfter;
    }

    const work = computing[language];
    const asked = (): Promise<void> => answered(work);
    const few = Math.min(samples, 20);
    figure(`a source that computes for ${computingMs} ms, alone, p50`, p50(await timedEach(few, asked)), "ms");
    const [contended] = await Promise.all([timedEach(Math.ceil(few / 4), asked), throughput()]);
    figure("the same beside the others' calls, p50", p50(contended ?? []), "ms");
    figure("lookups of others that failed meanwhile", failures.count, "", { atMost: 0 });
    figure("a lookup after all that", await timed(() => answered(bystander)), "ms");
  } finally {
    client.close();
    await runner.close();
  }
}
