import type { Client, Request, RequestInput, Source, SourceInput } from "@assay/contract";
import { ServerConfig } from "@assay/contract";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { systemClock } from "../../context.ts";
import type { TestBackend } from "../../testing.ts";
import { startTestRedis, type TestRedis } from "../../testing-redis.ts";
import { type ServedBackend, startServedBackend } from "../../testing-served.ts";
import { pruneLookups } from "../retention/service.ts";
import { answerIdOf } from "./answer-id.ts";

let redis: TestRedis;
let backend: ServedBackend;
let shared: TestBackend;
let client: Client;
const settings = { callsPerAddress: 0, callsPerToken: 0, callsPerUser: 0 };
beforeAll(async () => {
  redis = await startTestRedis();
  backend = await startServedBackend({ settings });
  shared = await backend.startBeside({ settings, redisUrl: redis.url, ownDatabase: true });
  client = backend.client(await backend.token());
});
afterAll(async () => {
  await shared.close();
  await backend.close();
  await redis.stop();
});

const cacheLifetimes = { foundSeconds: 86_400, notFoundSeconds: 86_400, failedSeconds: 0, staleSeconds: 0 };
async function newSource(name: string, changes: Partial<SourceInput> = {}, through = client): Promise<Source> {
  const { id: providerId } = await through.providers.create({ body: { name: `${name}'s` } });
  const code = `export const fetchData = ({ data }) => ({ data: { seen: data, by: "${name}" }, verdict: "suspicious", labels: ["known"] });`;
  const fixed = { language: "JAVASCRIPT", exposure: "local", cacheLifetimes } as const;
  const body = { name, providerId, code, ...fixed, supportedIndicators: ["DOMAIN" as const], ...changes };
  return through.sources.create({ body });
}
const lookUp = (data: string, sources: readonly Source[], more: Partial<RequestInput> = {}, through = client) =>
  through.requests.create({
    query: { wait: "30s" },
    body: { data, sourceIds: sources.map(({ id }) => id), ...more },
  });
const read = (id: string, through = client): Promise<Request> => through.requests.get({ params: { id } });
/** The lookup whose answers each has; null: its own. */
async function holdersOf(lookups: readonly Request[], node: TestBackend = backend): Promise<(string | null)[]> {
  const ids = lookups.map(({ id }) => id);
  const { rows } = await node.db.pool.query<{ id: string; answers_of: string | null }>(
    "SELECT id, answers_of FROM requests WHERE id = ANY($1)",
    [ids],
  );
  return ids.map((id) => rows.find((row) => row.id === id)?.answers_of ?? null);
}
const holders = async (...lookups: Request[]) => holdersOf(lookups);
/**
 * One that is asked, one from the cache with its answers recorded, and one that shares these. On a busy machine one may take so long that it
 * is recorded as running first, and then shares nothing.
 */
async function threeOf(
  data: string,
  sources: readonly Source[],
  more: Partial<RequestInput> = {},
  node: TestBackend = backend,
) {
  const through = node === backend ? client : node.client(await node.token());
  const asked = await lookUp(data, sources, more, through);
  const others: Request[] = [];
  return vi.waitFor(async () => {
    const sharer = await lookUp(data, sources, more, through);
    const [holderId] = await holdersOf([sharer], node);
    const holder = others.find(({ id }) => id === holderId);
    others.push(sharer);
    return { asked, holder: holder ?? expect.fail("it shares nothing"), sharer, count: others.length + 1 };
  }, 20_000);
}
/** A lookup that shares answers. */
const sharing = (ask: () => Promise<Request>) =>
  vi.waitFor(async () => {
    const sharer = await ask();
    const [holder] = await holders(sharer);
    return { sharer, holder: holder ?? expect.fail("it shares nothing") };
  }, 20_000);

const prune = (given: Partial<ServerConfig>) =>
  pruneLookups(
    {
      ...{ db: backend.db, clock: systemClock, log: backend.backend.log, actor: { type: "system" }, origin: null },
      signal: AbortSignal.timeout(60_000),
    },
    ServerConfig.parse(given),
  );

test("what is given from the cache again is recorded once, and every lookup reads as it was told", async () => {
  const sources = [
    await newSource("Alpha"),
    await newSource("Off", { enabled: false }),
    await newSource("Beta", { supportedIndicators: ["DOMAIN", "URL"] }),
  ];
  const { holder, sharer } = await threeOf("shared.example", sources, { tlp: "AMBER" });
  const { sharer: other } = await sharing(() =>
    lookUp("shared.example", sources, { tlp: "GREEN", visibility: "private" }),
  );
  for (const told of [holder, sharer, other]) expect(await read(told.id)).toEqual(told);
  expect(sharer.answers.map(({ outcome, cache }) => [outcome, cache.state])).toEqual([
    ["skipped", "off"],
    ["ok", "hit"],
    ["ok", "hit"],
  ]);
  const ids = [holder, sharer, other].flatMap(({ answers }) => answers.map(({ id }) => id));
  expect(new Set(ids).size).toBe(9);
  expect([other.tlp, other.visibility, sharer.tlp]).toEqual(["GREEN", "private", "AMBER"]);

  const headers = await backend.token();
  const events = async (id: string): Promise<string> =>
    (await fetch(`${backend.url}/api/v1/requests/${id}/events`, { headers })).text();
  const stream = await events(sharer.id);
  expect(stream.match(/^event: .*/gm)).toEqual((await events(holder.id)).match(/^event: .*/gm));
  for (const { id } of sharer.answers) expect(stream).toContain(id);
  const exported = await fetch(`${backend.url}/api/v1/requests/export?format=jsonl&data=shared.example`, { headers });
  const lines = (await exported.text())
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Request);
  expect(lines.find(({ id }) => id === sharer.id)?.answers).toEqual(sharer.answers);
});

test("a lookup that shares answers is found by them, and stands once in the list of its source", async () => {
  const source = await newSource("Found");
  const { asked, holder, sharer, count } = await threeOf("found.example", [source]);
  const found = async (query: object): Promise<string[]> =>
    (await client.requests.list({ query: { sourceId: source.id, ...query } })).items.map(({ id }) => id);
  const all = await found({});
  expect([all.length, all[0], all.at(-1)]).toEqual([count, sharer.id, asked.id]);
  expect(all).toContain(holder.id);
  expect(await found({ outcome: "ok" })).toEqual(all);
  expect(await found({ outcome: "failed" })).toEqual([]);
  const first = await client.requests.list({ query: { sourceId: source.id, limit: 2 } });
  expect(await found({ cursor: first.nextCursor ?? undefined })).toEqual(all.slice(2));
  const { items } = await client.sources.requests({ params: { id: source.id } });
  const listed = items.map(({ requestId }) => requestId);
  expect(listed).toEqual(all.filter((id) => listed.includes(id)));
  expect(listed).toContain(holder.id);
  expect(listed).not.toContain(sharer.id);
});

test("who may not read the lookup that holds the answers reads them in their own", async () => {
  const source = await newSource("Closed");
  const analyst = backend.client(
    await backend.token({
      user: await backend.createUser(["analyst"]),
      scopes: ["requests:run", "requests:read", "sources:read"],
    }),
  );
  let tries = 0;
  const { holder, own } = await vi.waitFor(async () => {
    const data = `closed${++tries}.example`;
    const found = await threeOf(data, [source], { visibility: "private" });
    const asked = await lookUp(data, [source], {}, analyst);
    expect(await holders(asked)).toEqual([found.holder.id]);
    return { holder: found.holder, own: asked };
  }, 20_000);
  await expect(read(holder.id, analyst)).rejects.toThrow();
  expect(await read(own.id, analyst)).toEqual(own);
  const { items } = await analyst.sources.requests({ params: { id: source.id } });
  expect(items).toContainEqual({ requestId: own.id, data: own.data, kind: "DOMAIN", answer: own.answers[0] });
  expect(items.map(({ requestId }) => requestId)).not.toContain(holder.id);
});

test.each<[string, (data: string, source: Source) => Promise<Request>]>([
  ["asks anew", (data, source) => lookUp(data, [source], { refresh: true })],
  ["is under TLP:RED", (data, source) => lookUp(data, [source], { tlp: "RED" })],
  ["follows what it finds", (data, source) => lookUp(data, [source], { followUp: { depth: 1, most: 1 } })],
  ["asks one more", async (data, source) => lookUp(data, [source, await newSource("More", { enabled: false })])],
  [
    "is given something newer",
    async (data, source) => {
      await lookUp(data, [source], { refresh: true });
      return lookUp(data, [source]);
    },
  ],
  [
    "asks a source that has changed",
    async (data, source) => {
      await client.sources.update({ params: { id: source.id }, body: { description: "Another one" } });
      await expect.poll(() => backend.backend.registry.get(source.id)?.snapshot.versionId).not.toBe(source.versionId);
      return lookUp(data, [source]);
    },
  ],
])("a lookup that %s has answers of its own", async (what, ask) => {
  const data = `${what.replaceAll(/\W/g, "-")}.example`;
  const source = await newSource(what);
  await threeOf(data, [source]);
  const own = await ask(data, source);
  expect(await holders(own)).toEqual([null]);
  expect(await read(own.id)).toEqual(own);
});

test("answers that Redis keeps are shared as well", async () => {
  const through = shared.client(await shared.token());
  const source = await newSource("Kept", {}, through);
  const { sharer } = await threeOf("redis.example", [source], {}, shared);
  expect(await read(sharer.id, through)).toEqual(sharer);
});

test("no more than a hundred share the answers of one", async () => {
  const source = await newSource("Crowded");
  const crowd: Request[] = [];
  const counts = async (): Promise<number[]> => {
    const found = (await holdersOf(crowd)).filter((id) => id !== null);
    return [...Map.groupBy(found, (id) => id).values()].map(({ length }) => length).toSorted((a, b) => a - b);
  };
  await vi.waitFor(async () => {
    for (let n = 0; n < 110; n++) crowd.push(await lookUp("crowded.example", [source]));
    // One is full, and another one is shared from then on.
    const full = await counts();
    expect(full.length).toBeGreaterThan(1);
    expect(full.at(-1)).toBe(100);
  }, 60_000);
});

test("retention takes a lookup with all that share its answers, none of them before its time, and tells all of a lost answer", async () => {
  const source = await newSource("Old");
  const { asked, holder, sharer } = await threeOf("old.example", [source]);
  const { db } = backend;
  const age = (age: string) =>
    db.pool.query(
      "UPDATE requests SET created_at = now() - $2::interval, completed_at = now() - $2::interval WHERE id = ANY($1)",
      [[asked.id, holder.id, sharer.id], age],
    );
  await age("10 days 20 minutes");
  expect(await prune({ lookupDaysKept: 10 })).toMatchObject({ lookups: 0 });

  await db.pool.query("UPDATE source_requests SET created_at = now() - interval '11 days' WHERE request_id = $1", [
    holder.id,
  ]);
  await age("11 days");
  expect(await prune({ okDaysKept: 10 })).toMatchObject({ answers: 1 });
  for (const id of [holder.id, sharer.id])
    expect(await read(id)).toMatchObject({ answers: [], prunedAnswers: { count: 1 }, verdict: sharer.verdict });

  // The one that shares is young, and goes all the same.
  await db.pool.query("UPDATE requests SET created_at = now(), completed_at = now() WHERE id = $1", [sharer.id]);
  expect(await prune({ lookupDaysKept: 10 })).toMatchObject({ lookups: 3 });
  await expect(read(sharer.id)).rejects.toThrow();
});

test("retention waits for nobody who holds a lookup that shares answers, and takes none of them until it is free", async () => {
  const source = await newSource("Held");
  const { holder, sharer } = await threeOf("held.example", [source]);
  const { db } = backend;
  const ids = [holder.id, sharer.id];
  await db.pool.query(
    "UPDATE requests SET created_at = now() - interval '20 days', completed_at = now() - interval '20 days' WHERE id = ANY($1)",
    [ids],
  );
  await db.pool.query("UPDATE source_requests SET created_at = now() - interval '20 days' WHERE request_id = $1", [
    holder.id,
  ]);
  const aside = await db.pool.connect();
  await aside.query("BEGIN");
  await aside.query("UPDATE requests SET visibility = 'private' WHERE id = $1", [sharer.id]);
  expect(await prune({ okDaysKept: 10 })).toMatchObject({ lookups: 0, answers: 0 });
  expect(await prune({ lookupDaysKept: 10 })).toMatchObject({ lookups: 0, answers: 0 });
  await aside.query("COMMIT");
  aside.release();
  const { visibility, answers } = await read(sharer.id);
  expect([visibility, answers.map(({ id }) => id)]).toEqual(["private", sharer.answers.map(({ id }) => id)]);
  expect(await prune({ okDaysKept: 10 })).toMatchObject({ lookups: 0, answers: 1 });
  expect(await prune({ lookupDaysKept: 10 })).toMatchObject({ lookups: 2, answers: 0 });
});

test("ids of answers are those of their lookup and place alone", () => {
  const ids = Array.from({ length: 5_000 }, (_, place) => answerIdOf("0123456789ab", place));
  expect(new Set(ids).size).toBe(5_000);
  for (const id of ids) expect(id).toMatch(/^[0-9a-z]{12}$/);
  expect(answerIdOf("zzzzzzzzzzzz", 1_000)).toMatch(/^[0-9a-z]{12}$/);
});
