import type { Client, FollowUp, RequestInput, RequestSummary, Visibility } from "@assay/contract";
import type pg from "pg";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { newId } from "../../ids.ts";
import { startTestRunner, type TestRunner } from "../../testing-runner.ts";
import { startTestBackend, type TestBackend } from "../../testing.ts";
import type { LiveLookup } from "../lookups/live-lookup.ts";

interface Person {
  readonly headers: Record<string, string>;
  readonly client: Client;
  readonly there: Client;
}

let runner: TestRunner;
let node: TestBackend;
let otherNode: TestBackend;
let owner: Person;
let other: Person;
let admin: Client;
let sourceId: string;
/** Each domain points to two below it. Below "slow." those that begin with "a." never answer. */
const code = `export async function fetchData({ data }) {
  if (data.startsWith("a.") && data.includes("slow")) await new Promise(() => {});
  const below = (name) => ({ kind: "DOMAIN", data: name + data, type: "subdomain" });
  return { data: 1, relations: [below("a."), below("b.")] };
}`;
beforeAll(async () => {
  runner = await startTestRunner("javascript");
  const runners = { runners: { javascript: [runner.address] }, runnerToken: runner.token };
  node = await startTestBackend(runners);
  otherNode = await startTestBackend({ ...runners, databaseUrl: node.databaseUrl });
  admin = node.client(await node.token());
  [owner, other] = [await person(), await person()];
  for (const { backend } of [node, otherNode])
    await vi.waitFor(() => expect(backend.runners.statuses()[0]?.state).toBe("serving"), 20_000);
  const { id: providerId } = await admin.providers.create({ body: { name: "Us" } });
  const body = { name: "Related", providerId, code, language: "JAVASCRIPT", exposure: "local" } as const;
  sourceId = (await admin.sources.create({ body: { ...body, supportedIndicators: ["DOMAIN"], timeoutMs: 100_000 } }))
    .id;
});
afterAll(async () => {
  await otherNode.close();
  await node.close();
  await runner.close();
});

async function person(): Promise<Person> {
  const headers = await node.signIn(await node.createUser(["analyst"]));
  return { headers, client: node.client(headers), there: otherNode.client(headers) };
}
const ask = (data: string, followUp: Partial<FollowUp>, more: Partial<RequestInput> = {}, through = owner.client) =>
  through.requests.create({
    query: { wait: "20s" },
    body: { data, sourceIds: [sourceId], deadlineMs: 100_000, ...more, followUp },
  });
const related = async (id: string, by = owner.client) => (await by.requests.related({ params: { id } })).items;
/** The lookups that came of it by their names, once there are so many. */
async function grown(id: string, most: number): Promise<ReadonlyMap<string, RequestSummary>> {
  await expect.poll(async () => (await related(id)).length).toBe(most);
  return new Map((await related(id)).map((item) => [item.data, item]));
}
async function complete(id: string): Promise<ReadonlyMap<string, RequestSummary>> {
  await expect.poll(async () => (await owner.client.requests.related({ params: { id } })).complete).toBe(true);
  return new Map((await related(id)).map((item) => [item.data, item]));
}
const set = (id: string, visibility: Visibility, through = owner.client) =>
  through.requests.update({ params: { id }, body: { visibility } });
const stream = (by: Person, id: string, at: TestBackend) =>
  fetch(`${at.url}/api/v1/requests/${id}/events`, { headers: by.headers });
const eventsOf = async (id: string) =>
  (await admin.events.list({ query: { action: "request.update", objectId: id } })).items;
const namesSeen = async (id: string) => (await related(id, other.client)).map(({ data }) => data).toSorted();
const notFound = { problem: { status: 404, code: "NOT_FOUND" } };
/** How the lookups of a tree are seen that run in this process. */
const inMemory = ({ backend }: TestBackend, ids: Iterable<string>): string[] =>
  [...ids].flatMap((id) => backend.lookups.live(id)?.request.visibility ?? []);

test("closing a lookup closes all that came of it, also what runs on another node, ends others' streams, and is told once", async () => {
  const root = await ask("slow.example", { depth: 2 });
  const tree = await grown(root.id, 4);
  const running = [...tree.values()].filter(({ data }) => data.startsWith("a.")).map(({ id }) => id);
  const watching = await Promise.all(running.flatMap((id) => [node, otherNode].map((at) => stream(other, id, at))));
  const own = await stream(owner, running[0] ?? "", node);

  const closed = await set(root.id, "private", owner.there);
  expect([closed.visibility, closed.followUpsChanged]).toEqual(["private", 4]);
  for (const response of watching) {
    const text = await response.text();
    expect(text).toContain("event: fetching_start");
    expect(text).toMatch(/event: error\ndata: \{.*"NOT_FOUND"/);
  }
  for (const { id } of tree.values())
    for (const client of [other.client, other.there])
      await expect(client.requests.get({ params: { id } })).rejects.toMatchObject(notFound);
  expect(inMemory(node, running)).toEqual(["private", "private"]);

  const events = await eventsOf(root.id);
  expect(events.map(({ changes }) => changes)).toEqual([
    [
      { field: "visibility", before: "everyone", after: "private" },
      { field: "followUpsChanged", before: null, after: 4 },
    ],
  ]);
  expect(JSON.stringify(events)).not.toContain("slow.example");
  for (const { id } of tree.values()) expect(await eventsOf(id)).toEqual([]);
  await owner.client.requests.cancel({ params: { id: root.id } });
  expect(await own.text()).toContain("event: fetching_end");
});

test("opening a lookup opens what came of it, but for what was closed by itself and what came of that", async () => {
  const root = await ask("opened.example", { depth: 2 });
  const tree = await complete(root.id);
  const idOf = (name: string) => tree.get(`${name}.opened.example`)?.id ?? "";
  expect((await set(idOf("a"), "private")).followUpsChanged).toBe(2);
  expect(await namesSeen(root.id)).toEqual(["a.b.opened.example", "b.b.opened.example", "b.opened.example"]);
  expect((await set(root.id, "private")).followUpsChanged).toBe(3);
  expect((await set(root.id, "everyone", owner.there)).followUpsChanged).toBe(3);
  expect(await namesSeen(root.id)).toEqual(["a.b.opened.example", "b.b.opened.example", "b.opened.example"]);
  expect((await set(idOf("a"), "everyone")).followUpsChanged).toBe(2);
  expect(await namesSeen(root.id)).toHaveLength(6);
  expect((await eventsOf(idOf("a"))).map(({ changes }) => changes)).toEqual([
    [
      { field: "visibility", before: "private", after: "everyone" },
      { field: "closedByItself", before: true, after: false },
      { field: "followUpsChanged", before: null, after: 2 },
    ],
    [
      { field: "visibility", before: "everyone", after: "private" },
      { field: "closedByItself", before: false, after: true },
      { field: "followUpsChanged", before: null, after: 2 },
    ],
  ]);
});

test("what is said of a lookup that is so already holds for what is not, and is told when it changes anything", async () => {
  const root = await ask("again.example", { depth: 1 }, { visibility: "private" });
  const tree = await complete(root.id);
  const idOf = (name: string) => tree.get(`${name}.again.example`)?.id ?? "";
  await set(idOf("a"), "everyone");
  expect((await set(root.id, "private")).followUpsChanged).toBe(1);
  expect((await set(root.id, "private")).followUpsChanged).toBe(0);
  expect((await eventsOf(root.id)).map(({ changes }) => changes)).toEqual([
    [{ field: "followUpsChanged", before: null, after: 1 }],
  ]);
  // It is private with the one above; now it is by itself.
  await set(idOf("b"), "private");
  await set(root.id, "everyone");
  expect(await namesSeen(root.id)).toEqual(["a.again.example"]);
});

test("under TLP:RED what came of a lookup stays its owner's with it", async () => {
  const root = await ask("red.example", { depth: 1 }, { tlp: "RED" });
  await complete(root.id);
  await expect(set(root.id, "everyone")).rejects.toMatchObject({ problem: { code: "VALIDATION_FAILED" } });
  expect((await related(root.id)).map(({ visibility }) => visibility)).toEqual(["private", "private"]);
});

/** Has a pool hear of what it commits from now on only once `heard` is resolved; ends with what it returns. */
function commitLate(pool: pg.Pool, heard: Promise<void>): () => void {
  const clients = new Set<pg.PoolClient>();
  const delay = (client: pg.PoolClient): void => {
    const query = client.query.bind(client) as (...values: unknown[]) => unknown;
    const late = async (...values: unknown[]): Promise<unknown> => {
      const result = await query(...values);
      if (values[0] === "COMMIT") await heard;
      return result;
    };
    clients.add(Object.assign(client, { query: late }));
  };
  pool.on("acquire", delay);
  return () => {
    pool.off("acquire", delay);
    for (const client of clients) Reflect.deleteProperty(client, "query");
  };
}

/**
 * Has a follow-up prepared anew by `node`, and `meanwhile` begun between that and its being stored; `node` hears of what comes of it before it
 * hears that the follow-up is stored.
 */
async function whilePrepared(
  root: RequestSummary,
  name: string,
  { meanwhile, isHeard }: { meanwhile: () => Promise<unknown>; isHeard: (lookup: LiveLookup) => boolean },
): Promise<void> {
  const { pool } = otherNode.db;
  const waiting = (event: string) =>
    expect
      .poll(async () => {
        const sql = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = $1";
        return (await pool.query(sql, [event])).rowCount;
      })
      .toBe(1);
  const { rows } = await pool.query<{ row: object }>(
    "WITH gone AS (DELETE FROM requests r WHERE parent_id = $1 AND data = $2 RETURNING to_jsonb(r) AS row) SELECT row FROM gone",
    [root.id, name],
  );
  const aside = await pool.connect();
  await aside.query("BEGIN");
  // Nothing is in a tree twice, so that whoever writes the same waits for this to be undone.
  await aside.query("INSERT INTO requests SELECT * FROM jsonb_populate_record(NULL::requests, $1)", [
    { ...rows[0]?.row, id: newId() },
  ]);
  const lease = "lease_until = now() - interval '1 minute'";
  await pool.query(`UPDATE requests SET followed = false, ${lease} WHERE id = $1`, [root.id]);
  const heard = Promise.withResolvers<void>();
  const endLate = commitLate(node.db.pool, heard.promise);
  const following = node.backend.lookups.recover();
  await waiting("transactionid");
  const doing = meanwhile();
  await waiting("advisory");
  await aside.query("ROLLBACK");
  aside.release();
  const sql = "SELECT id FROM requests WHERE parent_id = $1 AND data = $2";
  await expect.poll(async () => (await pool.query(sql, [root.id, name])).rowCount).toBe(1);
  const id: string = (await pool.query<{ id: string }>(sql, [root.id, name])).rows[0]?.id ?? "";
  const live = () => node.backend.lookups.live(id);
  await expect.poll(() => [live()].some((lookup) => lookup && isHeard(lookup))).toBe(true);
  heard.resolve();
  await Promise.all([following, doing]);
  endLate();
}

test("a follow-up that is being prepared while the lookup above is closed ends up closed, and when that is stopped, stopped", async () => {
  const root = await ask("slow-to-come.example", { depth: 1 });
  const name = "a.slow-to-come.example";
  const before = (await grown(root.id, 2)).get(name);
  await owner.client.requests.cancel({ params: { id: root.id } });
  await complete(root.id);
  await whilePrepared(root, name, {
    meanwhile: () => set(root.id, "private", owner.there),
    isHeard: ({ request }) => request.visibility === "private",
  });
  const child = (await grown(root.id, 2)).get(name);
  expect(child?.id).not.toBe(before?.id);
  expect(child).toMatchObject({ visibility: "private", status: "running" });
  await expect(other.client.requests.get({ params: { id: child?.id ?? "" } })).rejects.toMatchObject(notFound);
  await owner.client.requests.cancel({ params: { id: child?.id ?? "" } });
  await complete(root.id);

  await whilePrepared(root, name, {
    meanwhile: () => owner.there.requests.cancel({ params: { id: root.id } }),
    isHeard: ({ abort }) => abort.signal.aborted,
  });
  expect((await complete(root.id)).get(name)?.status).toBe("cancelled");
});

test("trees that grow on two nodes while they are closed and opened from both are at last as they were last left", async () => {
  const most = 6;
  const roots = await Promise.all(
    [0, 1, 2].map((n) => ask(`slow-${n}.example`, { depth: 3, most }, {}, n === 1 ? owner.there : owner.client)),
  );
  await Promise.all(
    roots.map(async ({ id }) => {
      for (const visibility of ["private", "everyone", "private"] as const)
        await Promise.all([set(id, visibility, owner.there), set(id, visibility)]);
    }),
  );
  for (const { id } of roots) {
    const tree = await grown(id, most);
    expect([...tree.values()].map(({ visibility }) => visibility)).toEqual(Array(most).fill("private"));
    const ids = [...tree.values()].map((item) => item.id);
    const seen = [node, otherNode].flatMap((each) => inMemory(each, ids));
    expect(new Set(seen)).toEqual(new Set(["private"]));
    await owner.client.requests.cancel({ params: { id } });
  }
});
