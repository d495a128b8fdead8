import type { Batch, BatchInput, BatchItem, Client, Source } from "@assay/contract";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startTestBackend, type TestBackend, type TestUser } from "../../../testing.ts";
import { startTestRunner, type TestRunner } from "../../../testing-runner.ts";

const never = "export const fetchData = () => new Promise(() => {});";
const benign = "export const fetchData = ({ data }) => ({ data, verdict: 'benign', reasons: [] });";
let runner: TestRunner;
let backend: TestBackend;
let client: Client;
let gate: Source;
let source: (name: string, code: string) => Promise<Source>;
beforeAll(async () => {
  runner = await startTestRunner("javascript");
  const runners = { runners: { javascript: [runner.address] }, runnerToken: runner.token };
  backend = await startTestBackend({ ...runners, worker: true });
  client = backend.client(await backend.token());
  const provider = await client.providers.create({ body: { name: "Us" } });
  source = (name, code) =>
    client.sources.create({
      body: {
        ...{ name, code, providerId: provider.id, language: "JAVASCRIPT", exposure: "local", reliability: "A" },
        ...{ supportedIndicators: ["IPV4", "DOMAIN"], timeoutMs: 60_000 },
      },
    });
  gate = await source("Gate", never);
  await vi.waitFor(async () => expect((await client.runners.list()).items[0]?.state).toBe("serving"), 20_000);
});
afterAll(async () => {
  await backend.close();
  await runner.close();
});

const make = (input: Partial<BatchInput>, by = client): Promise<Batch> =>
  by.batches.create({ body: input as BatchInput });
const get = (id: string): Promise<Batch> => client.batches.get({ params: { id } });
const until = (id: string, status: Batch["status"]): Promise<Batch> =>
  vi.waitFor(
    async () => {
      const batch = await get(id);
      expect(batch.status).toBe(status);
      return batch;
    },
    { timeout: 30_000, interval: 50 },
  );
const failedItems = async (id: string): Promise<BatchItem[]> =>
  (await client.batches.items({ params: { id }, query: { state: "failed", limit: 200 } })).items;
const person = async (user: TestUser): Promise<Client> => backend.client(await backend.signIn(user));
const hosts = (count: number): string[] => Array.from({ length: count }, (_, i) => `host-${i}.example.org`);

test("whoever runs a batch may be switched off meanwhile; then Assay pauses it and says why, also when an administrator has it go on", async () => {
  const user = await backend.createUser(["analyst"]);
  const { id } = await make(
    { indicators: hosts(40), sourceIds: [gate.id], visibility: "everyone" },
    await person(user),
  );
  const lookups = () => backend.db.prisma.request.count({ where: { batchId: id } });
  await expect.poll(lookups, { timeout: 20_000 }).toBeGreaterThan(0);
  await client.users.update({ params: { id: user.id }, body: { enabled: false } });
  const why = "Whoever started it may not look anything up any more";
  expect((await until(id, "paused")).problem).toBe(why);
  const isHeld = async () => (await backend.db.prisma.batch.findUnique({ where: { id } }))?.node;
  await expect.poll(isHeld, { timeout: 20_000 }).toBeNull();
  const before = await lookups();
  await client.batches.retry({ params: { id }, body: {} });
  expect(await until(id, "paused")).toMatchObject({ problem: why, counts: { waiting: 40, failed: 0 } });
  await expect.poll(isHeld, { timeout: 20_000 }).toBeNull();
  expect(await lookups()).toBe(before);
});

test("its sources may be deleted meanwhile; then what could not be asked has failed, and can be retried", async () => {
  const gone = await source("Gone", never);
  const { id } = await make({ indicators: hosts(300), sourceIds: [gone.id], deadlineMs: 3_000 });
  const lookups = () => backend.db.prisma.request.count({ where: { batchId: id } });
  await expect.poll(lookups, { timeout: 20_000 }).toBeGreaterThan(0);
  await client.sources.delete({ params: { id: gone.id } });
  const failed = await until(id, "failed");
  expect(failed.problem).toBe("None of the sources that it names is there any more");
  expect(failed.counts).toMatchObject({ failed: 300, done: 0, waiting: 0 });
  expect((await failedItems(id)).at(-1)).toMatchObject({
    note: failed.problem,
    requestId: null,
  });
  await client.batches.retry({ params: { id }, body: {} });
  expect((await until(id, "failed")).counts.failed).toBe(300);
});

test("its sources may be switched off meanwhile; then Assay pauses the batch, and it goes on when it is resumed", async () => {
  const off = await source("Off", benign);
  const { id } = await make({ indicators: hosts(5), sourceIds: [off.id], start: false });
  await client.sources.update({ params: { id: off.id }, body: { enabled: false } });
  await client.batches.start({ params: { id } });
  expect((await until(id, "paused")).problem).toBe("None of the sources that it names is switched on");
  expect(await backend.db.prisma.request.count({ where: { batchId: id } })).toBe(0);
  await client.sources.update({ params: { id: off.id }, body: { enabled: true } });
  await client.batches.resume({ params: { id } });
  expect((await until(id, "completed")).verdicts.benign).toBe(5);
});

test("four batches of one that do not end keep nobody else's waiting", async () => {
  await client.config.update({ body: { batchLookupsAtOnce: 4 } });
  const slow = { indicators: hosts(20), sourceIds: [gate.id], deadlineMs: 300_000 };
  const ids = (await Promise.all([slow, slow, slow, slow, slow].map((each) => make(each)))).map(({ id }) => id);
  // One that came alone may have more than its part under way; of the fifth nothing is.
  const under = async () =>
    (await backend.db.prisma.request.groupBy({ by: ["batchId"], where: { batchId: { in: ids }, status: "running" } }))
      .length;
  await expect.poll(under, { timeout: 20_000 }).toBe(4);
  const other = await person(await backend.createUser(["analyst"]));
  const quick = await source("Quick", benign);
  const { id } = await make({ indicators: ["8.8.8.8"], sourceIds: [quick.id] }, other);
  expect((await until(id, "completed")).counts.done).toBe(1);
  expect(await Promise.all(ids.map(async (each) => (await get(each)).status))).toEqual(ids.map(() => "running"));
  expect(await under()).toBe(4);
  for (const each of ids) await client.batches.cancel({ params: { id: each } });
  await client.config.update({ body: { batchLookupsAtOnce: null } });
});
