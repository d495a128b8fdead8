import type { Client, Source } from "@assay/contract";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startTestBackend, type TestBackend } from "../../../testing.ts";
import { startTestRunner, type TestRunner } from "../../../testing-runner.ts";
import { requestIdOf } from "../request-id.ts";
import { startBatchRunner } from "./batch-runner.ts";

let runner: TestRunner;
let backend: TestBackend;
let client: Client;
let source: Source;
beforeAll(async () => {
  runner = await startTestRunner("javascript");
  backend = await startTestBackend({ runners: { javascript: [runner.address] }, runnerToken: runner.token });
  client = backend.client(await backend.token());
  const provider = await client.providers.create({ body: { name: "Us" } });
  const code = "export const fetchData = ({ data }) => ({ data, verdict: 'benign', reasons: [] });";
  const own = { name: "Own", code, providerId: provider.id, language: "JAVASCRIPT", exposure: "local" } as const;
  source = await client.sources.create({ body: { ...own, reliability: "A", supportedIndicators: ["IPV4"] } });
  await vi.waitFor(async () => expect((await client.runners.list()).items[0]?.state).toBe("serving"), 20_000);
});
afterAll(async () => {
  await backend.close();
  await runner.close();
});

/** A worker with this name, on the same database. */
function startWorker(node: string): Promise<{ close(): Promise<void> }> {
  const { lookups, registry, settings, log, clock } = backend.backend;
  return startBatchRunner({ db: backend.db, lookups, registry, config: settings, log, clock, node });
}

const completed = (id: string) =>
  vi.waitFor(async () => expect((await client.batches.get({ params: { id } })).status).toBe("completed"), {
    timeout: 60_000,
    interval: 100,
  });

/**
 * A batch as a worker leaves it that dies: of its six indicators four were in its hands. One of those has its whole lookup stored, one has
 * a lookup without an answer that nobody runs any more, two have none.
 */
async function leftBehind(node: string): Promise<string> {
  const indicators = Array.from({ length: 6 }, (_, i) => `9.9.9.${i}`);
  const { id } = await client.batches.create({ body: { indicators, sourceIds: [source.id] } });
  const lookup = async (position: number): Promise<string> => {
    const requestId = requestIdOf(id, { position, attempt: 0 });
    const origin = { id: requestId, userId: backend.admin.id, callerClass: "bulk" as const, batchId: id };
    const live = backend.backend.lookups.start({ data: `9.9.9.${position}`, sourceIds: [source.id] }, origin);
    await backend.backend.lookups.settled(live, 20_000);
    return requestId;
  };
  await lookup(0);
  const open = await lookup(1);
  const { pool } = backend.db;
  await pool.query("DELETE FROM source_requests WHERE request_id = $1", [open]);
  await pool.query(
    "UPDATE requests SET status = 'running', node = 'dead', lease_until = now() - interval '1 s' WHERE id = $1",
    [open],
  );
  await pool.query("UPDATE batches SET node = $2, lease_until = now() - interval '1 s', claimed = 4 WHERE id = $1", [
    id,
    node,
  ]);
  return id;
}

async function answersOf(id: string): Promise<{ requests: number; answers: number; firstKept: boolean }> {
  const first = requestIdOf(id, { position: 0, attempt: 0 });
  const requests = await backend.db.prisma.request.count({ where: { batchId: id } });
  const answers = await backend.db.prisma.sourceRequest.findMany({ where: { request: { batchId: id } } });
  return { requests, answers: answers.length, firstKept: answers.some(({ requestId }) => requestId === first) };
}

test.each([
  ["the next life of the same worker", "one", "one"],
  ["another worker, which first gives the old one time to store what it may have asked", "gone", "two"],
])("%s goes on where a dead worker stopped: nothing that was stored is asked again", async (_, former, node) => {
  const id = await leftBehind(former);
  const stored = await backend.db.prisma.sourceRequest.findMany({ where: { request: { batchId: id } } });
  const worker = await startWorker(node);
  await completed(id);
  await worker.close();
  expect(await answersOf(id)).toEqual({ requests: 6, answers: 6, firstKept: true });
  // The very answer that there was, not one like it.
  expect(await backend.db.prisma.sourceRequest.count({ where: { id: stored[0]?.id ?? "" } })).toBe(1);
  const batch = await client.batches.get({ params: { id } });
  expect([batch.counts.done, batch.verdicts.benign]).toEqual([6, 6]);
});

test("two workers at once share the batches, and neither asks what the other has", async () => {
  const workers = [await startWorker("left"), await startWorker("right")];
  const ids: string[] = [];
  for (let wave = 0; wave < 6; wave++) {
    const indicators = Array.from({ length: 50 }, (_, i) => `9.10.${wave}.${i}`);
    ids.push((await client.batches.create({ body: { indicators, sourceIds: [source.id] } })).id);
  }
  for (const id of ids) {
    await completed(id);
    expect(await answersOf(id)).toEqual({ requests: 50, answers: 50, firstKept: true });
  }
  await Promise.all(workers.map((worker) => worker.close()));
});

test("a worker that stops in order hands its batch on", async () => {
  const indicators = Array.from({ length: 400 }, (_, i) => `9.11.${i >> 8}.${i & 255}`);
  const { id } = await client.batches.create({ body: { indicators, sourceIds: [source.id] } });
  const first = await startWorker("first");
  await vi.waitFor(
    async () => expect((await client.batches.get({ params: { id } })).counts.done).toBeGreaterThan(10),
    20_000,
  );
  await first.close();
  expect((await client.batches.get({ params: { id } })).status).toBe("running");
  const second = await startWorker("second");
  await completed(id);
  await second.close();
  expect(await answersOf(id)).toEqual({ requests: 400, answers: 400, firstKept: true });
});
