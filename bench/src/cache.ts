import type { Client } from "@assay/contract";
import { type Stack, startStack } from "@assay/tests";
import { addSources } from "./bench-sources.ts";
import { bareExpressRoute } from "./floors/floors.ts";
import { load, type Load } from "./load.ts";
import { number, say } from "./say.ts";

/** Everything comes from one address and with one token here. */
const unlimited = { callsPerAddress: 0, callsPerToken: 0, callsPerUser: 0 };
const cacheLifetimes = { foundSeconds: 86_400, notFoundSeconds: 0, failedSeconds: 0, staleSeconds: 0 };
/** So many indicators, asked over and over. */
const indicators = 500;
const ratioMin = 0.4;
const crowd = 1_000;

/** Measures lookups that find all their answers in the cache, and a crowd that asks the same at once. */
export async function benchCache(seconds: number): Promise<void> {
  const stack = await startStack({ ASSAY_LOG_LEVEL: "warn", ASSAY_SETTINGS: JSON.stringify(unlimited) });
  try {
    const { token } = await stack.client.apiTokens.create({ body: { note: "bench" } });
    const ids = await addSources(stack.client, "JAVASCRIPT", 20);
    for (const id of ids) await stack.client.sources.update({ params: { id }, body: { cacheLifetimes } });
    const lookups = (sourceIds: readonly string[], connections: number, forSeconds = seconds): Promise<Load> =>
      load({
        url: `${stack.url}/api/v1/requests?wait=30s`,
        seconds: forSeconds,
        connections,
        method: "POST",
        headers: { authorization: `Bearer ${token}` },
        body: (n) => JSON.stringify({ data: addressOf(n % indicators), kind: "IPV4", sourceIds }),
      });

    say("Cache: POST /requests?wait=30s, every answer in the cache of the memory");
    for (const [name, sourceIds, connections, target] of [
      ["1 source", ids.slice(0, 1), 64, `target ${ratioMin} or more`],
      ["20 sources", ids, 32, "no target"],
    ] as const) {
      await warm(stack.client, sourceIds);
      await lookups(sourceIds, connections, Math.min(3, seconds));
      const express = await bareExpressRoute(seconds);
      const { perSecond, p50Ms, p99Ms, failed } = await lookups(sourceIds, connections);
      say(
        `  ${name.padEnd(12)} ${number(perSecond).padStart(6)} lookups/s, p50 ${number(p50Ms)} ms, p99 ${number(p99Ms)} ms at ${connections} connections; ${failed} failed; ` +
          `${(perSecond / express).toFixed(2)} × bare Express JSON route (${number(express)} /s; ${target})`,
      );
    }
    say(`  a crowd      ${await askAtOnce(stack, ids.slice(0, 1))}`);
  } finally {
    await stack.close();
  }
}

const addressOf = (n: number): string => `198.18.${n >> 8}.${n & 255}`;

async function warm(client: Client, sourceIds: readonly string[]): Promise<void> {
  for (let n = 0; n < indicators; n++)
    await client.requests.create({ query: { wait: "30s" }, body: { data: addressOf(n), sourceIds: [...sourceIds] } });
}

/** Identical lookups at once; how many calls of the source they made. */
async function askAtOnce({ client }: Stack, sourceIds: readonly string[]): Promise<string> {
  const start = performance.now();
  const body = { data: "198.51.100.1", sourceIds: [...sourceIds] };
  const all = await Promise.all(
    Array.from({ length: crowd }, () => client.requests.create({ query: { wait: "60s" }, body })),
  );
  const tookMs = performance.now() - start;
  const states = all.flatMap(({ answers }) => answers.map(({ cache }) => cache.state));
  const calls = states.filter((state) => state === "stored" || state === "off").length;
  return `${crowd} identical lookups in ${number(tookMs)} ms: ${calls} call of the source (target 1), ${states.filter((state) => state === "coalesced").length} shared it, ${states.filter((state) => state === "hit").length} came after it`;
}
