import { type Client, type RequestInput, type Scope, scopesOfRoles, type Tlp, type Visibility } from "@assay/contract";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Clock, systemClock } from "../../context.ts";
import { newId } from "../../ids.ts";
import { mayRead } from "../../may-read.ts";
import { startTestRunner, type TestRunner } from "../../testing-runner.ts";
import { startTestBackend, type TestBackend, type TestUser } from "../../testing.ts";
import { tellReading } from "./tell-reading.ts";

interface Person extends TestUser {
  readonly client: Client;
  readonly headers: Record<string, string>;
}

let runner: TestRunner;
let node: TestBackend;
let otherNode: TestBackend;
let owner: Person;
let other: Person;
let admin: Person;
let hangs: string;
let echoes: string;
beforeAll(async () => {
  runner = await startTestRunner("javascript");
  const runners = { runners: { javascript: [runner.address] }, runnerToken: runner.token };
  node = await startTestBackend(runners);
  otherNode = await startTestBackend({ ...runners, databaseUrl: node.databaseUrl });
  owner = await person(await node.createUser(["analyst"]));
  other = await person(await node.createUser(["analyst"]));
  admin = await person(node.admin);
  const provider = await admin.client.providers.create({ body: { name: "Us" } });
  const source = async (name: string, code: string): Promise<string> => {
    const body = { name, providerId: provider.id, language: "JAVASCRIPT", exposure: "local", code } as const;
    return (await admin.client.sources.create({ body: { ...body, supportedIndicators: ["IPV4"] } })).id;
  };
  hangs = await source("Hangs", "export const fetchData = () => new Promise(() => {});");
  echoes = await source("Echoes", "export const fetchData = (indicator) => ({ data: indicator.data });");
  await vi.waitFor(async () => expect((await admin.client.runners.list()).items[0]?.state).toBe("serving"), 20_000);
});
afterAll(async () => {
  await otherNode.close();
  await node.close();
  await runner.close();
});

async function person(user: TestUser): Promise<Person> {
  const headers = await node.signIn(user);
  return { ...user, headers, client: node.client(headers) };
}

const lookUp = (by: Person, input: Partial<RequestInput>) =>
  by.client.requests.create({ query: { wait: "20s" }, body: { data: "192.0.2.1", sourceIds: [echoes], ...input } });
const stream = (by: Person, id: string, at = node) =>
  fetch(`${at.url}/api/v1/requests/${id}/events`, { headers: by.headers });
const notFound = { problem: { status: 404, code: "NOT_FOUND" } };
const readings = async (id: string) =>
  (await admin.client.events.list({ query: { action: "request.read", objectId: id } })).items;

describe("a private lookup", () => {
  test("is there for its owner, with a token as well, and is not there for others in any way", async () => {
    const data = "192.0.2.10";
    const { id, visibility } = await lookUp(owner, { data, visibility: "private" });
    const open = await lookUp(other, { data });
    expect([visibility, open.visibility]).toEqual(["private", "everyone"]);

    const token = node.client(await node.token({ user: owner, scopes: ["requests:read"] }));
    const seenBy = async (client: Client) => ({
      list: (await client.requests.list({ query: { data } })).items.map((item) => item.id),
      history: (await client.requests.history({ params: { id: open.id } })).items.map((item) => item.id),
      known: (await client.requests.known({ body: { indicators: [{ kind: "IPV4", data }] } })).items[0]?.count,
      answers: (await client.sources.requests({ params: { id: echoes } })).items.map((item) => item.requestId),
    });
    for (const client of [owner.client, token]) {
      expect((await client.requests.get({ params: { id } })).id).toBe(id);
      const seen = await seenBy(client);
      expect([seen.list, seen.history, seen.known]).toEqual([[open.id, id], [id], 2]);
      expect(seen.answers).toContain(id);
    }
    expect(await (await stream(owner, id)).text()).toContain("event: fetching_end");

    const unseen = await seenBy(other.client);
    expect([unseen.list, unseen.history, unseen.known]).toEqual([[open.id], [], 1]);
    expect(unseen.answers).not.toContain(id);
    const params = { id };
    for (const call of [
      () => other.client.requests.get({ params }),
      () => other.client.requests.history({ params }),
      () => other.client.requests.cancel({ params }),
      () => other.client.requests.update({ params, body: { visibility: "everyone" } }),
    ])
      await expect(call()).rejects.toMatchObject(notFound);
    expect((await stream(other, id)).status).toBe(404);
    // Word for word what is said of a lookup that there is not.
    const refusal = async (absent: string) => {
      const { detail, code } = (await (await stream(other, absent)).json()) as { detail: string; code: string };
      return [code, detail.replace(absent, "ID")];
    };
    expect(await refusal(id)).toEqual(await refusal(newId()));
  });

  test("is shown to an administrator, which is recorded once an hour without what it was about", async () => {
    const data = "192.0.2.11";
    const { id } = await lookUp(owner, { data, visibility: "private" });
    await Promise.all([
      admin.client.requests.get({ params: { id } }),
      admin.client.requests.list({ query: { data } }),
      stream(admin, id).then((response) => response.text()),
      admin.client.sources.requests({ params: { id: echoes } }),
      otherNode.client(admin.headers).requests.get({ params: { id } }),
    ]);
    const events = await readings(id);
    expect(events).toMatchObject([{ actor: { userId: admin.id }, object: { id, name: "a private lookup" } }]);
    expect(JSON.stringify(events)).not.toContain(data);

    const inAnHour: Clock = { now: () => new Date(Date.now() + 61 * 60_000) };
    const user = { id: admin.id, email: admin.email, name: "", roles: [], createdAt: new Date() };
    const actor = { type: "user", via: "session", user, scopes: new Set<Scope>() } as const;
    const { log } = node.backend;
    const later = { db: node.db, actor, clock: inAnHour, log, origin: null, signal: AbortSignal.timeout(30_000) };
    await tellReading(later, [{ id, userId: owner.id, visibility: "private", tlp: "GREEN" }]);
    expect(await readings(id)).toHaveLength(2);

    const scopes = scopesOfRoles(["admin"]).filter((scope) => scope !== "requests:readAll");
    const narrow = node.client(await node.token({ scopes }));
    await expect(narrow.requests.get({ params: { id } })).rejects.toMatchObject(notFound);
  });

  test("is opened and closed again by its owner and by an administrator, which is recorded, but by nobody else", async () => {
    const data = "192.0.2.12";
    const { id } = await lookUp(owner, { data, visibility: "private" });
    const set = (by: Person, visibility: Visibility) =>
      by.client.requests.update({ params: { id }, body: { visibility } });
    expect((await set(owner, "everyone")).visibility).toBe("everyone");
    expect((await other.client.requests.get({ params: { id } })).visibility).toBe("everyone");
    await expect(set(other, "private")).rejects.toMatchObject({ problem: { code: "FORBIDDEN" } });
    await set(admin, "private");
    await expect(other.client.requests.get({ params: { id } })).rejects.toMatchObject(notFound);
    const events = (await admin.client.events.list({ query: { action: "request.update", objectId: id } })).items;
    expect(events.map(({ actor, changes }) => [actor.userId, changes])).toEqual([
      [admin.id, [{ field: "visibility", before: "everyone", after: "private" }]],
      [owner.id, [{ field: "visibility", before: "private", after: "everyone" }]],
    ]);
    expect(JSON.stringify(events)).not.toContain(data);
  });
});

test("under TLP:RED a lookup is its owner's alone, and to ask for anything else is an error", async () => {
  const red = await lookUp(owner, { tlp: "RED" });
  expect(red.visibility).toBe("private");
  const { id } = red;
  for (const by of [other, admin]) {
    await expect(by.client.requests.get({ params: { id } })).rejects.toMatchObject(notFound);
    expect((await stream(by, id)).status).toBe(404);
    expect((await by.client.requests.list({ query: { limit: 200 } })).items.map((item) => item.id)).not.toContain(id);
  }
  expect((await owner.client.requests.get({ params: { id } })).id).toBe(id);
  const wrong = { problem: { errors: [{ field: "body.visibility", message: expect.stringContaining("TLP:RED") }] } };
  await expect(lookUp(owner, { tlp: "RED", visibility: "everyone" })).rejects.toMatchObject(wrong);
  const opened = owner.client.requests.update({ params: { id }, body: { visibility: "everyone" } });
  await expect(opened).rejects.toMatchObject(wrong);
  await expect(node.db.pool.query("UPDATE requests SET visibility = 'everyone' WHERE id = $1", [id])).rejects.toThrow(
    "requests_visibility_check",
  );
});

test("while it runs, whoever sees a lookup cannot stop it; once it is closed, their stream ends, on another node too", async () => {
  const body = { data: "192.0.2.13", sourceIds: [hangs] };
  const { id } = await owner.client.requests.create({ body });
  await expect(other.client.requests.cancel({ params: { id } })).rejects.toMatchObject({
    problem: { code: "FORBIDDEN" },
  });
  const watching = await Promise.all([stream(other, id), stream(other, id, otherNode)]);
  const own = await stream(owner, id);
  const remote = otherNode.client(owner.headers);
  await remote.requests.update({ params: { id }, body: { visibility: "private" } });
  for (const response of watching) {
    const text = await response.text();
    expect(text).toContain("event: fetching_start");
    expect(text).toMatch(/event: error\ndata: \{.*"NOT_FOUND"/);
    expect(text).not.toContain("fetching_end");
  }
  await expect(other.client.requests.get({ params: { id } })).rejects.toMatchObject(notFound);
  const live = node.backend.lookups.live(id);
  expect(live?.request.visibility).toBe("private");
  expect((await owner.client.requests.cancel({ params: { id } })).visibility).toBe("private");
  expect(await own.text()).toContain("event: fetching_end");
});

test("lists hold what the rule says and nothing else, page by page, however many of others lie between", async () => {
  const data = "192.0.2.14";
  const owners = [owner, other, admin, { id: newId() }];
  const kinds: readonly (readonly [Tlp, Visibility])[] = [
    ["GREEN", "everyone"],
    ["GREEN", "private"],
    ["RED", "private"],
  ];
  const rows = Array.from({ length: 60 }, (_, index) => {
    const [tlp, visibility] = kinds[(index * 7) % 3] ?? ["RED", "private"];
    return { id: newId(), userId: owners[(index * 5) % 4]?.id ?? "", tlp, visibility, at: new Date(index * 1000) };
  });
  const summary = (await lookUp(owner, { data: "192.0.2.1" })).verdict;
  for (const { at, ...row } of rows) {
    const empty = { data, kind: "IPV4", status: "completed", pap: "GREEN", traceId: "", verdict: "unknown", plan: [] };
    const times = { createdAt: at, completedAt: at, deadlineAt: at };
    await node.db.prisma.request.create({ data: { ...row, ...empty, ...times, summary, node: "none" } });
  }
  for (const by of [owner, other, admin]) {
    const found = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const page: Awaited<ReturnType<Client["requests"]["list"]>> = await by.client.requests.list({
        query: { data, limit: 4, ...(cursor ? { cursor } : {}) },
      });
      found.push(...page.items);
      cursor = page.nextCursor;
    }
    const scopes = new Set(scopesOfRoles([by === admin ? "admin" : "analyst"]));
    const user = { id: by.id, email: "", name: "", roles: [], createdAt: systemClock.now() };
    const readable = rows.filter((row) => mayRead({ type: "user", via: "session", user, scopes }, row));
    expect(readable.length).toBeGreaterThan(15);
    expect(readable.length).toBeLessThan(rows.length);
    expect(found.map((item) => item.id)).toEqual(readable.map((row) => row.id).toReversed());
  }
});
