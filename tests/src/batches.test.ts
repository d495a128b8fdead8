import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Batch, Source } from "@assay/contract";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { find } from "./processes.ts";
import { freePort, type Stack, startStack } from "./stack.ts";

/** How often the upstream was asked about each indicator. */
const asked = new Map<string, number>();
const upstream = createServer((request, response) => {
  const data = request.url?.slice(1) ?? "";
  asked.set(data, (asked.get(data) ?? 0) + 1);
  setTimeout(() => response.writeHead(200, { "content-type": "application/json" }).end("{}"), 15);
});
let redisPort: number;
let redis: ReturnType<typeof spawn>;
let stack: Stack;
let source: Source;
beforeAll(async () => {
  upstream.listen(0, "127.0.0.1");
  await once(upstream, "listening");
  const host = `127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  redisPort = await freePort();
  startRedis();
  stack = await startStack({
    ASSAY_EGRESS_ALLOW_PRIVATE: host,
    REDIS_URL: `redis://127.0.0.1:${redisPort}/0`,
    ASSAY_SETTINGS: JSON.stringify({ batchLookupsAtOnce: 8 }),
  });
  const provider = await stack.client.providers.create({ body: { name: "Counting" } });
  const code = `export async function fetchData({ data }) {
    const response = await fetch("http://${host}/" + data);
    return { data: await response.json(), verdict: "benign", reasons: [] };
  }`;
  const shared = { name: "Counting", providerId: provider.id, code, language: "JAVASCRIPT" } as const;
  source = await stack.client.sources.create({
    body: { ...shared, hosts: [host], supportedIndicators: ["IPV4"], exposure: "local", reliability: "A" },
  });
});
afterAll(async () => {
  await stack.close();
  upstream.close();
  upstream.closeAllConnections();
  redis.kill("SIGKILL");
});

const size = 1200;
let waves = 0;
const pidOf = (text: string): number => find(stack.process.pid ?? 0, text).pid;
function startRedis(): void {
  const options = ["--port", String(redisPort), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  redis = spawn("/usr/bin/redis-server", options, { stdio: "ignore" });
}

/** Starts a batch of indicators that no other has, and resolves when a part of it is done. */
async function startWave(): Promise<{ id: string; indicators: string[] }> {
  const wave = 32 + waves++;
  const indicators = Array.from({ length: size }, (_, i) => `9.${wave}.${i >> 8}.${i & 255}`);
  const { id } = await stack.client.batches.create({ body: { indicators, sourceIds: [source.id] } });
  await vi.waitFor(
    async () => expect((await stack.client.batches.get({ params: { id } })).counts.done).toBeGreaterThan(50),
    { timeout: 60_000, interval: 20 },
  );
  return { id, indicators };
}

const completed = (id: string): Promise<Batch> =>
  vi.waitFor(
    async () => {
      const batch = await stack.client.batches.get({ params: { id } });
      expect(batch.status).toBe("completed");
      return batch;
    },
    { timeout: 120_000, interval: 250 },
  );
const timesAsked = (indicators: readonly string[]): number[] => indicators.map((data) => asked.get(data) ?? 0);
const complete = { total: size, ignored: 0, waiting: 0, running: 0, done: size, failed: 0, incomplete: 0 };

async function doneItems(id: string): Promise<string[]> {
  const found: string[] = [];
  for (let cursor: string | undefined; ;) {
    const query = { limit: 200, state: "done" as const, ...(cursor !== undefined && { cursor }) };
    const page = await stack.client.batches.items({ params: { id }, query });
    found.push(...page.items.map(({ data }) => data));
    if (page.nextCursor === null) return found;
    cursor = page.nextCursor;
  }
}

test("PostgreSQL dies in the middle of a batch and comes back: it ends complete, and each indicator was asked once", async () => {
  const { id, indicators } = await startWave();
  process.kill(pidOf("postgres -D"), "SIGKILL");
  const ended = await completed(id);
  expect([ended.counts, ended.verdicts.benign]).toEqual([complete, size]);
  expect(new Set(timesAsked(indicators))).toEqual(new Set([1]));
  expect((await doneItems(id)).length).toBe(size);
});

test("Redis dies in the middle of a batch and comes back: the same", async () => {
  const { id, indicators } = await startWave();
  redis.kill("SIGKILL");
  await once(redis, "exit");
  const before = (await stack.client.batches.get({ params: { id } })).counts.done;
  await vi.waitFor(
    async () => expect((await stack.client.batches.get({ params: { id } })).counts.done).toBeGreaterThan(before + 50),
    { timeout: 60_000, interval: 20 },
  );
  startRedis();
  expect((await completed(id)).counts).toEqual(complete);
  expect(new Set(timesAsked(indicators))).toEqual(new Set([1]));
});

test("the worker is killed in the middle of a batch: the next goes on, and asks again only what had no stored answer", async () => {
  const { id, indicators } = await startWave();
  const done = await doneItems(id);
  process.kill(pidOf("backend/src/main.ts"), "SIGKILL");
  const ended = await vi.waitFor(() => completed(id), { timeout: 120_000, interval: 250 });
  expect(ended.counts).toEqual(complete);
  expect(new Set(timesAsked(done))).toEqual(new Set([1]));
  const times = timesAsked(indicators);
  expect(Math.min(...times)).toBe(1);
  // What was under way, eight at the most, and not stored.
  expect(times.reduce((sum, each) => sum + each - 1, 0)).toBeLessThanOrEqual(8);
  const { items } = await stack.client.requests.list({ query: { data: indicators[0] ?? "" } });
  expect(items).toHaveLength(1);
});

test("people's lookups do not wait for a batch", async () => {
  const { id } = await startWave();
  const lookup = await stack.client.requests.create({
    body: { data: "9.9.9.9", sourceIds: [source.id] },
    query: { wait: "30s" },
  });
  expect(lookup.answers.map(({ outcome }) => outcome)).toEqual(["ok"]);
  expect((await stack.client.batches.get({ params: { id } })).status).toBe("running");
  await stack.client.batches.cancel({ params: { id } });
});
