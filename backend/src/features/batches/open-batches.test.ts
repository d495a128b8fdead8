import type { Batch, Client } from "@assay/contract";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestBackend, type TestBackend, type TestUser } from "../../testing.ts";

let backend: TestBackend;
/** Another node on the same database. */
let beside: TestBackend;
beforeAll(async () => {
  backend = await startTestBackend();
  beside = await startTestBackend({ databaseUrl: backend.databaseUrl });
});
afterAll(async () => {
  await beside.close();
  await backend.close();
});

const refused = { code: "CONFLICT", detail: expect.stringContaining("You have 100 batches that have not ended") };
const clientOf = async (node: TestBackend, user: TestUser): Promise<Client> => node.client(await node.signIn(user));
const make = (by: Client, count = 1): Promise<Batch> => {
  const indicators = Array.from({ length: count }, (_, i) => `host-${i}.example.org`);
  return by.batches.create({ body: { indicators, start: false } });
};
/** A user who has so many open batches. */
const userWith = async (count: number): Promise<TestUser> => {
  const user = await backend.createUser(["analyst"]);
  await backend.db.pool.query(
    `INSERT INTO batches (id, status, tlp, pap, visibility, deadline_ms, user_id, input_hash, created_at)
     SELECT $1 || n, 'ready', 'CLEAR', 'CLEAR', 'private', 1000, $1, '', now() FROM generate_series(1, $2::int) n`,
    [user.id, count],
  );
  return user;
};
const openOf = (user: TestUser): Promise<number> =>
  backend.db.prisma.batch.count({ where: { userId: user.id, endedAt: null } });

test("nobody has more than a hundred batches that have not ended; one more may be made when one of them has", async () => {
  const user = await userWith(99);
  const own = await clientOf(backend, user);
  const { id } = await make(own);
  await expect(make(own)).rejects.toMatchObject({ problem: refused });
  await own.batches.cancel({ params: { id } });
  await make(own);
  await expect(make(own)).rejects.toMatchObject({ problem: refused });
});

test("nor by trying again what has ended", async () => {
  const user = await userWith(99);
  const own = await clientOf(backend, user);
  const { id } = await make(own);
  const { prisma } = backend.db;
  await prisma.batchItem.updateMany({ where: { batchId: id }, data: { state: "failed" } });
  await prisma.batch.update({ where: { id }, data: { status: "completed", endedAt: new Date(), failed: 1 } });
  const another = await make(own);
  const again = (by: Client) => by.batches.retry({ params: { id }, body: {} });
  await expect(again(own)).rejects.toMatchObject({ problem: refused });
  await expect(again(backend.client(await backend.token()))).rejects.toMatchObject({
    problem: { code: "CONFLICT", detail: expect.stringContaining("Its owner has 100 batches") },
  });
  const { status, counts } = await own.batches.get({ params: { id } });
  expect([status, counts.failed, counts.waiting]).toEqual(["completed", 1, 0]);
  await own.batches.cancel({ params: { id: another.id } });
  expect((await again(own)).status).toBe("running");
  // One that is paused is open as it is.
  await own.batches.pause({ params: { id } });
  await prisma.batchItem.updateMany({ where: { batchId: id }, data: { state: "failed" } });
  expect((await again(own)).status).toBe("running");
});

test("nor by making many at once, on two nodes as well; each is made whole or not at all", async () => {
  const user = await userWith(95);
  const sessions = [await clientOf(backend, user), await clientOf(beside, user)] as const;
  // All that the nodes have connections for come to their last step together: what is recorded of them waits for this.
  const gate = new pg.Client({ connectionString: backend.databaseUrl });
  await gate.connect();
  await gate.query("BEGIN; LOCK TABLE events IN SHARE MODE");
  const creations = Array.from({ length: 24 }, (_, at) => make(sessions[at % 2 === 0 ? 0 : 1], 1 + at));
  const settled = Promise.allSettled(creations);
  const waiting = "SELECT count(*)::int AS count FROM pg_locks WHERE relation = 'events'::regclass AND NOT granted";
  await expect
    .poll(async () => (await gate.query<{ count: number }>(waiting)).rows[0]?.count)
    .toBeGreaterThanOrEqual(8)
    .finally(() => gate.end());
  const made = await settled;
  const refusals = made.flatMap((each) => (each.status === "rejected" ? [each.reason as unknown] : []));
  expect(refusals).toHaveLength(19);
  for (const refusal of refusals) expect(refusal).toMatchObject({ problem: refused });
  expect(await openOf(user)).toBe(100);
  const items = await backend.db.prisma.batchItem.count({ where: { batch: { userId: user.id } } });
  const batches = made.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  expect(items).toBe(batches.reduce((sum, { counts }) => sum + counts.total, 0));
});

test("what is sent often with one Idempotency-Key is one batch, and never one too many", async () => {
  const user = await userWith(99);
  const session = await backend.signIn(user);
  const send = async (): Promise<number> => {
    const headers = { ...session, "content-type": "application/json", "idempotency-key": "the-last" };
    const body = JSON.stringify({ indicators: ["8.8.8.8"], start: false });
    return (await fetch(`${backend.url}/api/v1/batches`, { method: "POST", headers, body })).status;
  };
  const statuses = await Promise.all(Array.from({ length: 8 }, send));
  expect(statuses.filter((status) => status === 201)).toHaveLength(1);
  expect(statuses.filter((status) => status === 200)).toHaveLength(7);
  expect(await openOf(user)).toBe(100);
});
