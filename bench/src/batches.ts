import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { Batch } from "@assay/contract";
import { type Stack, startStack } from "@assay/tests";
import { find } from "@assay/tests/processes";
import { addSources } from "./bench-sources.ts";
import { number, say } from "./say.ts";

const points = 10;
/** Everything comes from one address and with one token here. */
const unlimited = { callsPerAddress: 0, callsPerToken: 0, callsPerUser: 0 };

/** A batch of so many indicators, each asked of three sources without network: how fast it is made and run, and whether memory stays flat. */
export async function benchBatches(_seconds: number, _samples: number, indicators: number): Promise<void> {
  const stack = await startStack({ ASSAY_LOG_LEVEL: "warn", ASSAY_SETTINGS: JSON.stringify(unlimited) });
  try {
    const sourceIds = await addSources(stack.client, "JAVASCRIPT", 3);
    const pid = find(stack.process.pid ?? 0, "backend/src/main.ts").pid;
    // The first lookups start the sandboxes.
    await run(stack, { text: listOf(200, 19), sourceIds }, () => undefined);
    say(`Batch of ${number(indicators)} indicators × 3 local sources (target: flat memory)`);
    const healthMs = healthDelays(stack);
    const startedAt = performance.now();
    const batch = await stack.client.batches.create({
      body: { text: listOf(indicators, 18), sourceIds, start: false },
    });
    const madeMs = performance.now() - startedAt;
    const slowestMs = await healthMs.stop();
    say(
      `  made from a text in ${number(madeMs)} ms; meanwhile the slowest answer to another call took ${number(slowestMs)} ms`,
    );
    const beganAt = performance.now();
    const rss: number[] = [];
    await stack.client.batches.start({ params: { id: batch.id } });
    await watch(stack, batch.id, ({ counts }) => {
      if (counts.done < (rss.length * indicators) / points) return;
      rss.push(rssMiB(pid));
      const perSecond = counts.done / ((performance.now() - beganAt) / 1000);
      say(
        `  ${number(counts.done).padStart(8)} done, ${number(perSecond).padStart(6)} indicators/s, backend ${number(rss.at(-1) ?? 0)} MiB`,
      );
    });
    const seconds = (performance.now() - beganAt) / 1000;
    const [early, late] = [Math.max(...rss.slice(1, 4)), Math.max(...rss.slice(-3))];
    say(
      `  all in ${number(seconds)} s: ${number(indicators / seconds)} indicators/s, ${number((3 * indicators) / seconds)} answers/s; ` +
        `memory ${number(early)} MiB in the first third, ${number(late)} MiB in the last`,
    );
    const exportedAt = performance.now();
    const lines = await exportedLines(stack, batch.id);
    say(`  exported as CSV: ${number(lines)} lines in ${number((performance.now() - exportedAt) / 1000)} s`);
  } finally {
    await stack.close();
  }
}

/** So many addresses of a range for tests, one a line. */
function listOf(count: number, secondByte: number): string {
  return Array.from({ length: count }, (_, n) => `${20 + (n >> 16)}.${secondByte}.${(n >> 8) & 255}.${n & 255}`).join(
    "\n",
  );
}

async function run(
  stack: Stack,
  body: { text: string; sourceIds: string[] },
  see: (batch: Batch) => void,
): Promise<void> {
  const { id } = await stack.client.batches.create({ body });
  await watch(stack, id, see);
}

async function watch(stack: Stack, id: string, see: (batch: Batch) => void): Promise<void> {
  for (;;) {
    const batch = await stack.client.batches.get({ params: { id } });
    see(batch);
    if (batch.status === "completed") return;
    if (batch.status !== "running") throw new Error(`The batch is ${batch.status}: ${batch.problem}`);
    await delay(100);
  }
}

/** How long another call takes at the most, until it is stopped. */
function healthDelays(stack: Stack): { stop(): Promise<number> } {
  const over = new AbortController();
  const slowest = (async () => {
    let most = 0;
    while (!over.signal.aborted) {
      const startedAt = performance.now();
      await stack.client.health.get();
      most = Math.max(most, performance.now() - startedAt);
      await delay(5);
    }
    return most;
  })();
  return {
    stop() {
      over.abort();
      return slowest;
    },
  };
}

function rssMiB(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "0";
  return Number(kib) / 1024;
}

async function exportedLines(stack: Stack, id: string): Promise<number> {
  const authorization = `Basic ${Buffer.from(`${stack.adminEmail}:${stack.adminPassword}`).toString("base64")}`;
  const response = await fetch(`${stack.url}/api/v1/batches/${id}/export?format=csv`, { headers: { authorization } });
  let lines = 0;
  for await (const chunk of response.body ?? []) for (const byte of chunk as Uint8Array) if (byte === 10) lines++;
  return lines;
}
