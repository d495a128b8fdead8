import { startStack } from "@assay/tests";
import { addSources } from "./bench-sources.ts";
import { measureFloors } from "./floors/floors.ts";
import { load, type Load } from "./load.ts";
import { number, say } from "./say.ts";

/** Everything comes from one address and with one token here. */
const unlimited = { callsPerAddress: 0, callsPerToken: 0, callsPerUser: 0 };

/** Measures the parts alone and the whole stack, `seconds` a figure. */
export async function benchStack(seconds: number): Promise<void> {
  say("Floors: the parts alone");
  const floors = await measureFloors(seconds);
  say(`  bare Express JSON route        ${number(floors.expressRoute)} /s`);
  say(`  bare gRPC stream, 1 answer     ${number(floors.grpcStreamOf1)} /s`);
  say(
    `  bare gRPC stream, 20 answers   ${number(floors.grpcStreamOf20)} /s = ${number(floors.grpcStreamOf20 * 20)} answers/s`,
  );
  say(`  bare isolated-vm call, warm    ${number(floors.isolateWarm)} /s`);
  say(`  bare isolated-vm call, fresh context  ${number(floors.isolateFresh)} /s`);
  say(`  bare fork of CPython           ${number(floors.fork)} /s`);
  say("");

  const stack = await startStack({ ASSAY_LOG_LEVEL: "warn", ASSAY_SETTINGS: JSON.stringify(unlimited) });
  try {
    const { token } = await stack.client.apiTokens.create({ body: { note: "bench" } });
    const javascript = await addSources(stack.client, "JAVASCRIPT", 20);
    const python = await addSources(stack.client, "PYTHON", 20);
    const lookups = async (sourceIds: readonly string[], connections: number, forSeconds = seconds): Promise<Load> =>
      load({
        url: `${stack.url}/api/v1/requests?wait=30s`,
        seconds: forSeconds,
        connections,
        method: "POST",
        headers: { authorization: `Bearer ${token}` },
        // Every call another address: nothing is asked twice.
        body: (n) => JSON.stringify({ data: `198.18.${(n >> 8) & 255}.${n & 255}`, kind: "IPV4", sourceIds }),
      });

    say("Whole stack: POST /requests?wait=30s, uncached, sources without network");
    const rows: [string, readonly string[], number, string, number][] = [
      ["JavaScript, 1 source", javascript.slice(0, 1), 32, "bare Express JSON route", floors.expressRoute],
      ["JavaScript, 20 sources", javascript, 16, "bare gRPC stream of 20", floors.grpcStreamOf20],
      ["Python, 1 source", python.slice(0, 1), 16, "bare fork", floors.fork],
      ["Python, 20 sources", python, 4, "bare fork / 20", floors.fork / 20],
    ];
    for (const [name, ids, connections, floorName, floor] of rows) {
      await lookups(ids, connections, Math.min(3, seconds));
      const { perSecond, p50Ms, p99Ms, failed } = await lookups(ids, connections);
      say(
        `  ${name.padEnd(24)} ${number(perSecond).padStart(6)} lookups/s, ${number(perSecond * ids.length).padStart(6)} answers/s, ` +
          `p50 ${number(p50Ms)} ms, p99 ${number(p99Ms)} ms at ${connections} connections; ${failed} failed; ${(perSecond / floor).toFixed(2)} × ${floorName}`,
      );
    }
    say("");
    say("Low load: 1 connection, one call after another");
    for (const [name, ids] of [
      ["JavaScript, 1 source", javascript.slice(0, 1)],
      ["Python, 1 source", python.slice(0, 1)],
    ] as const) {
      const { p50Ms, p99Ms } = await lookups(ids, 1);
      say(`  ${name.padEnd(24)} p50 ${number(p50Ms)} ms, p99 ${number(p99Ms)} ms`);
    }
  } finally {
    await stack.close();
  }
}
