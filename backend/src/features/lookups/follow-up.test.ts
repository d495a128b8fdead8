import type { Client, FollowUp, RelatedRequests, Relation, RequestInput, Source } from "@assay/contract";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startTestBackend, type TestBackend } from "../../testing.ts";
import { startTestRunner, type TestRunner } from "../../testing-runner.ts";
import { testAnswer } from "./fixtures.ts";
import { relatedOf, rootState } from "./follow-up.ts";

let runner: TestRunner;
let first: TestBackend;
let second: TestBackend;
let client: Client;
let source: Source;
/** Each domain points to two below it, to itself, to what it was pointed from and to an address. */
const code = `export function fetchData({ data }) {
  const on = (data, kind = "DOMAIN", type = "subdomain") => ({ kind, data, type });
  return { data: 1, verdict: data.startsWith("b.") ? "malicious" : "none", relations: [
    on("A." + data), on(data), on("b." + data), on(data.replace(/^[ab][.]/, ""), "DOMAIN", "parent"), on("192.0.2.7", "IPV4", "resolves_to"),
  ] };
}`;
beforeAll(async () => {
  runner = await startTestRunner("javascript");
  const runners = { runners: { javascript: [runner.address] }, runnerToken: runner.token };
  first = await startTestBackend(runners);
  second = await startTestBackend({ ...runners, databaseUrl: first.databaseUrl });
  client = first.client(await first.token());
  for (const { backend } of [first, second])
    await vi.waitFor(() => expect(backend.runners.statuses()[0]?.state).toBe("serving"), 20_000);
  source = await newSource("Related", code);
});
afterAll(async () => {
  await second.close();
  await first.close();
  await runner.close();
});

async function newSource(name: string, code: string, changes: object = {}): Promise<Source> {
  const { id: providerId } = await client.providers.create({ body: { name: `${name}'s` } });
  const fixed = {
    language: "JAVASCRIPT" as const,
    exposure: "local" as const,
    supportedIndicators: ["DOMAIN" as const],
  };
  return client.sources.create({ body: { name, providerId, code, ...fixed, ...changes } });
}
const ask = (data: string, followUp: Partial<FollowUp>, more: Partial<RequestInput> = {}, through = client) => {
  const body = { data, sourceIds: [source.id], ...more, followUp };
  return through.requests.create({ query: { wait: "20s" }, body });
};
const related = (id: string, through = client) => through.requests.related({ params: { id } });
async function complete(id: string): Promise<RelatedRequests> {
  await expect.poll(async () => (await related(id)).complete, { timeout: 20_000 }).toBe(true);
  return related(id);
}
const names = ({ items }: RelatedRequests) => items.map(({ data }) => data).toSorted();

test("what answers point to is looked up as deep as wished, each once, by the lookup's own rules, and known as a tree", async () => {
  const marks = { tlp: "AMBER", pap: "AMBER", visibility: "private", deadlineMs: 20_000 } as const;
  const root = await ask("one.example", { depth: 2 }, marks);
  const { items } = await complete(root.id);
  expect(names({ items, complete: true })).toEqual([
    "a.a.one.example",
    "a.b.one.example",
    "a.one.example",
    "b.a.one.example",
    "b.b.one.example",
    "b.one.example",
  ]);
  const child = items.find(({ data }) => data === "b.one.example");
  const { tlp, pap, visibility, userId, callerClass } = root;
  for (const item of items)
    expect(item).toMatchObject({ tlp, pap, visibility, userId, callerClass, status: "completed" });
  expect(root.followUp).toMatchObject({ rootId: root.id, depth: 2, relation: null });
  expect(child).toMatchObject({ parentId: root.id, followUp: { rootId: root.id, depth: 1, relation: "subdomain" } });
  const below = await related(child?.id ?? "");
  expect([names(below), below.complete]).toEqual([["a.b.one.example", "b.b.one.example"], true]);
  expect(items.findIndex(({ id }) => id === child?.id)).toBeLessThan(
    items.findIndex(({ parentId }) => parentId === child?.id),
  );
});

test("without the wish nothing is followed", async () => {
  const body = { data: "alone.example", sourceIds: [source.id] };
  const root = await client.requests.create({ query: { wait: "20s" }, body });
  expect([root.followUp, await related(root.id)]).toEqual([null, { items: [], complete: true }]);
});

test("never more than allowed, in all steps together", async () => {
  const root = await ask("bounded.example", { depth: 3, most: 5 });
  expect(names(await complete(root.id)).length).toBe(5);
});

test("known-good indicators and those that nobody can be asked about are not followed", async () => {
  const list = await client.ignoreLists.create({ body: { name: "Good", global: true } });
  const params = { id: list.id };
  await client.ignoreLists.addEntries({ params, body: { entries: [{ value: "a.good.example" }] } });
  const root = await ask("good.example", { depth: 1 });
  expect(names(await complete(root.id))).toEqual(["b.good.example"]);
  await client.ignoreLists.delete({ params });
});

test("a source that publishes is named by people only: following does not ask it", async () => {
  const loud = await newSource("Loud", code, { exposure: "public" });
  const root = await ask("loud.example", { depth: 1 }, { sourceIds: [loud.id], tlp: "CLEAR", pap: "CLEAR" });
  expect([root.answers[0]?.outcome, names(await complete(root.id))]).toEqual(["ok", []]);
});

test("others see of a tree what they may read", async () => {
  const root = await ask("shared.example", { depth: 1 });
  const { items } = await complete(root.id);
  await client.requests.update({ params: { id: items[0]?.id ?? "" }, body: { visibility: "private" } });
  const viewer = first.client(
    await first.token({ user: await first.createUser(["viewer"]), scopes: ["requests:read"] }),
  );
  expect(await related(root.id, viewer)).toEqual({ items: [items[1]], complete: true });
});

test("stopping a lookup stops what follows from it, also when it has ended itself, and nothing more is followed", async () => {
  const slow = await newSource(
    "Slow",
    `export async function fetchData({ data }) {
       if (data.startsWith("a.")) await new Promise(() => {});
       return { data: 1, relations: [{ kind: "DOMAIN", data: "a." + data, type: "subdomain" }] };
     }`,
  );
  const root = await ask("stopped.example", { depth: 3 }, { sourceIds: [slow.id] });
  expect(root.status).toBe("completed");
  await expect.poll(async () => (await related(root.id)).items.map(({ status }) => status)).toEqual(["running"]);
  expect((await related(root.id)).complete).toBe(false);
  const there = second.client(await first.token());
  await there.requests.cancel({ params: { id: root.id } });
  expect((await complete(root.id)).items.map(({ status }) => status)).toEqual(["cancelled"]);
  const again = client.requests.cancel({ params: { id: root.id } });
  await expect(again).rejects.toMatchObject({ problem: { code: "CONFLICT" } });
});

test("what a process that ended had still to follow is followed by another one, by one only", async () => {
  const root = await ask("left.example", { depth: 1 });
  await complete(root.id);
  const { pool } = first.db;
  const children = "SELECT id FROM requests WHERE parent_id = $1";
  // As if it had ended after the first of two, and before it noted that it had followed all.
  await pool.query(`DELETE FROM source_requests WHERE request_id IN (${children} AND data LIKE 'b.%')`, [root.id]);
  await pool.query("DELETE FROM requests WHERE parent_id = $1 AND data LIKE 'b.%'", [root.id]);
  const [kept] = (await related(root.id)).items;
  await pool.query("UPDATE requests SET followed = false, lease_until = now() - interval '1 minute' WHERE id = $1", [
    root.id,
  ]);
  expect((await related(root.id)).complete).toBe(false);
  await Promise.all([first, second].map(({ backend }) => backend.lookups.recover()));
  const found = await complete(root.id);
  expect(names(found)).toEqual(["a.left.example", "b.left.example"]);
  expect(found.items.find(({ data }) => data === "a.left.example")).toEqual(kept);
});

test("a follow-up that was stored and not run yet is run by whoever takes it over, once", async () => {
  const root = await ask("taken.example", { depth: 1 });
  const [child] = (await complete(root.id)).items;
  const { pool } = first.db;
  await pool.query("DELETE FROM source_requests WHERE request_id = $1", [child?.id]);
  const fields = "status = 'running', completed_at = NULL, node = 'gone', lease_until = now() - interval '1 minute'";
  await pool.query(`UPDATE requests SET ${fields} WHERE id = $1`, [child?.id]);
  const taken = await Promise.all([first, second].map(({ backend }) => backend.lookups.recover()));
  expect(taken.toSorted((a, b) => a - b)).toEqual([0, 1]);
  expect(names(await complete(root.id))).toEqual(["a.taken.example", "b.taken.example"]);
  expect((await client.requests.get({ params: { id: child?.id ?? "" } })).answers.length).toBe(1);
});

test("many parents of one tree at once, on two nodes, ask nothing twice and stay within the bound", async () => {
  const there = second.client(await first.token());
  const roots = await Promise.all(
    [...Array(6).keys()].map((n) => ask(`many-${n}.example`, { depth: 3, most: 9 }, {}, n % 2 === 0 ? client : there)),
  );
  for (const { id } of roots) {
    const found = names(await complete(id));
    expect([found.length, new Set(found).size]).toEqual([9, 9]);
  }
});

test("only what is an indicator, of the kinds and by the ties that are wished for, is related", () => {
  const tie = (kind: Relation["kind"], data: string, type: string): Relation => ({ kind, data, type });
  const answers = [
    testAnswer("a", { relations: [tie("DOMAIN", "X[.]example", "resolves_to"), tie("IPV4", "no address", "near")] }),
    testAnswer("b", { relations: [tie("DOMAIN", "x.example", "near"), tie("IPV4", "192.0.2.1", "near")] }),
  ];
  const found = (followUp: Partial<FollowUp>, depth = 1) =>
    relatedOf(answers, { ...rootState("r", {}, { depth: 1, most: 5, ...followUp }), depth }).map(
      ({ data, relation }) => `${relation} ${data}`,
    );
  expect(found({})).toEqual(["resolves_to x.example", "near 192.0.2.1"]);
  expect(found({ kinds: ["IPV4"] })).toEqual(["near 192.0.2.1"]);
  expect(found({ types: ["near"] })).toEqual(["near x.example", "near 192.0.2.1"]);
  expect(found({}, 0)).toEqual([]);
});
