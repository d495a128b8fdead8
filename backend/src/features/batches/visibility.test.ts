import { type Batch, type BatchInput, type Client, type Source, type Visibility } from "@assay/contract";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startTestBackend, type TestBackend } from "../../testing.ts";
import { startTestRunner, type TestRunner } from "../../testing-runner.ts";

let runner: TestRunner;
let backend: TestBackend;
let admin: Client;
let owner: Client;
let other: Client;
let source: Source;
beforeAll(async () => {
  runner = await startTestRunner("javascript");
  backend = await startTestBackend({
    runners: { javascript: [runner.address] },
    runnerToken: runner.token,
    worker: true,
  });
  admin = backend.client(await backend.token());
  owner = backend.client(await backend.signIn(await backend.createUser(["analyst"])));
  other = backend.client(await backend.signIn(await backend.createUser(["analyst"])));
  const { id: providerId } = await admin.providers.create({ body: { name: "Us" } });
  const code = "export const fetchData = ({ data }) => ({ data, verdict: 'benign', reasons: [] });";
  const of = { providerId, language: "JAVASCRIPT" as const, exposure: "local" as const };
  source = await admin.sources.create({ body: { name: "Judge", code, ...of, supportedIndicators: ["IPV4"] } });
  await vi.waitFor(async () => expect((await admin.runners.list()).items[0]?.state).toBe("serving"), 20_000);
});
afterAll(async () => {
  await backend.close();
  await runner.close();
});

const addresses = ["198.51.100.1", "198.51.100.2", "198.51.100.3", "198.51.100.4", "198.51.100.5"];
const make = (input: Partial<BatchInput> = {}): Promise<Batch> =>
  owner.batches.create({
    body: { indicators: addresses, sourceIds: [source.id], visibility: "everyone", ...input } as BatchInput,
  });
/** One that has ended and that no worker holds any more. */
const completed = async (input: Partial<BatchInput> = {}): Promise<string> => {
  const { id } = await make(input);
  const row = () => backend.db.prisma.batch.findUniqueOrThrow({ where: { id }, select: { status: true, node: true } });
  await expect.poll(row, { timeout: 30_000 }).toEqual({ status: "completed", node: null });
  return id;
};
const items = async (id: string, by: Client, query: object = {}) =>
  (await by.batches.items({ params: { id }, query })).items;
const datas = async (...asked: Parameters<typeof items>) => (await items(...asked)).map(({ data }) => data);
const set = (id: string, visibility: Visibility, by = owner) =>
  by.batches.update({ params: { id }, body: { visibility } });
const setLookup = (id: string, visibility: Visibility) =>
  owner.requests.update({ params: { id }, body: { visibility } });
const seenLookups = async (id: string) => {
  const { items: all } = await other.requests.list({ query: { limit: 200 } });
  return all.filter(({ batchId }) => batchId === id).length;
};
const notFound = { problem: { code: "NOT_FOUND" } };

test("the item of a lookup that was closed is for its owner and, told in the audit log, administrators, page by page, and stays so when retention has taken the lookup", async () => {
  const id = await completed();
  const lookups = (await items(id, owner)).map(({ requestId }) => requestId ?? "");
  for (const at of [1, 2]) await setLookup(lookups[at] ?? "", "private");
  const left = addresses.filter((_, at) => at !== 1 && at !== 2);
  const paged: string[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const query = { limit: 1, state: "done" as const, ...(cursor && { cursor }) };
    const page: Awaited<ReturnType<Client["batches"]["items"]>> = await other.batches.items({ params: { id }, query });
    paged.push(...page.items.map(({ data }) => data));
    cursor = page.nextCursor;
  }
  expect(paged).toEqual(left);
  expect([await datas(id, owner), await datas(id, admin)]).toEqual([addresses, addresses]);
  const query = { action: "request.read", objectId: lookups[1] ?? "" };
  expect((await admin.events.list({ query })).items).toHaveLength(1);

  await setLookup(lookups[2] ?? "", "everyone");
  await backend.db.prisma.request.delete({ where: { id: lookups[1] ?? "" } });
  expect(await datas(id, other)).toEqual(addresses.filter((_, at) => at !== 1));
});

test("a batch is closed and opened again with its lookups, but for those that were closed by themselves, which is recorded", async () => {
  const id = await completed();
  const [first] = await items(id, owner);
  await setLookup(first?.requestId ?? "", "private");
  await expect(set(id, "private", other)).rejects.toMatchObject({ problem: { code: "FORBIDDEN" } });
  expect((await set(id, "private")).visibility).toBe("private");
  await expect(items(id, other)).rejects.toMatchObject(notFound);
  await expect(set(id, "everyone", other)).rejects.toMatchObject(notFound);
  expect(await seenLookups(id)).toBe(0);
  expect((await set(id, "everyone", admin)).visibility).toBe("everyone");
  expect(await datas(id, other)).toEqual(addresses.slice(1));
  expect(await seenLookups(id)).toBe(addresses.length - 1);
  const events = (await admin.events.list({ query: { action: "batch.update", objectId: id } })).items;
  expect(events.map(({ object, changes }) => [object.name, changes])).toEqual([
    ["a private batch", [{ field: "visibility", before: "private", after: "everyone" }]],
    ["a private batch", [{ field: "visibility", before: "everyone", after: "private" }]],
  ]);
});

test("under TLP:RED a batch stays private, and one that runs has to be paused first", async () => {
  const red = await make({ tlp: "RED", visibility: "private", start: false });
  await expect(set(red.id, "everyone")).rejects.toMatchObject({
    problem: { errors: [{ field: "body.visibility", message: expect.stringContaining("TLP:RED") }] },
  });
  const { id } = await make({ start: false });
  await backend.db.pool.query(
    "UPDATE batches SET status = 'running', node = 'x', lease_until = now() + '1h' WHERE id = $1",
    [id],
  );
  await expect(set(id, "private")).rejects.toMatchObject({
    problem: { code: "CONFLICT", detail: "The batch runs. Pause it first; then who sees it can be changed." },
  });
  expect((await other.batches.get({ params: { id } })).visibility).toBe("everyone");
});
