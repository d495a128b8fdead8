import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { CallerClass, Client, Secret, Source, SourceInput } from "@assay/contract";
import { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { startTestBackend, type TestBackend } from "../../testing.ts";
import { startTestRedis, type TestRedis } from "../../testing-redis.ts";
import { type ServedBackend, startServedBackend } from "../../testing-served.ts";

/** An upstream that counts, and says what it is told to say. */
let upstream: Server;
let host: string;
/** The same at another port, where the key does not go. */
let elsewhere: Server;
let elsewhereHost: string;
let says: { status: number; headers: Record<string, string> };
const hits: string[] = [];
/** Answers that are held back until the test lets them go. */
let held: Promise<unknown> = Promise.resolve();
let redis: TestRedis;
let first: ServedBackend;
let second: TestBackend;
let client: Client;
const planted = "planted-key-of-quota";
beforeAll(async () => {
  const serve: RequestListener = async (request, response) => {
    hits.push(`${request.headers["x-key"] ?? "-"} ${request.url}`);
    await held;
    response.writeHead(says.status, { "content-type": "application/json", ...says.headers }).end('{"a":1}');
  };
  [upstream, elsewhere] = [createServer(serve).listen(0, "127.0.0.1"), createServer(serve).listen(0, "127.0.0.1")];
  await Promise.all([once(upstream, "listening"), once(elsewhere, "listening")]);
  host = `127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  elsewhereHost = `127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
  redis = await startTestRedis();
  const runnerEnv = { ASSAY_EGRESS_ALLOW_PRIVATE: `${host},${elsewhereHost}` };
  first = await startServedBackend({ runnerEnv, redisUrl: redis.url });
  second = await first.startBeside({ redisUrl: redis.url });
  client = first.client(await first.token());
  for (const { backend } of [first, second])
    await vi.waitFor(() => expect(backend.limiters.redis?.trouble()).toBeNull(), 20_000);
});
afterAll(async () => {
  await second.close();
  await first.close();
  await redis.stop();
  upstream.close();
  elsewhere.close();
});
beforeEach(() => {
  says = { status: 200, headers: {} };
  held = Promise.resolve();
  hits.length = 0;
});

let count = 0;
const keyed = () => `export const fetchData = async (indicator, { http, secrets }) => {
  await http.get("http://${host}/" + indicator.data, { headers: secrets.KEY ? { "x-key": secrets.KEY } : {} });
  return { data: 1 };
};`;
const slot = () => ({ name: "KEY", hosts: [host], required: true, exposed: false });
async function newSource(changes: Partial<SourceInput> = {}): Promise<Source> {
  const provider = await client.providers.create({ body: { name: `Provider ${++count}` } });
  return client.sources.create({
    body: {
      name: `Limited ${count}`,
      providerId: provider.id,
      language: "JAVASCRIPT",
      code: keyed(),
      supportedIndicators: ["IPV4"],
      exposure: "local",
      hosts: [host],
      secretSlots: [slot()],
      ...changes,
    },
  });
}
async function newSecret(source: Source, changes: object = {}): Promise<Secret> {
  const secret = await client.secrets.create({
    body: { name: `Secret ${++count}`, value: planted, hosts: [host], ...changes },
  });
  const { slots } = await client.sources.secrets({ params: { id: source.id } });
  const secretIds = [...(slots[0]?.secrets ?? []), secret].map(({ id }) => id);
  await client.sources.assignSecrets({ params: { id: source.id }, body: { slots: [{ name: "KEY", secretIds }] } });
  // The other node has heard of it.
  const { registry, secrets } = second.backend;
  await vi.waitFor(() => {
    const there = registry.get(source.id) ?? expect.unreachable();
    expect(secrets.store.problems(there)).toEqual([]);
    expect(secrets.store.quotaOf(secret.id)).toEqual(first.backend.secrets.store.quotaOf(secret.id));
    expect(secrets.store.slots(there)[0]?.secrets.map(({ id }) => id)).toEqual(secretIds);
  });
  return secret;
}
let address = 0;
/** One lookup of a source; what it answered. */
async function ask(source: Source, node: TestBackend = first, callerClass: CallerClass = "api", deadlineMs = 30_000) {
  const { lookups } = node.backend;
  const lookup = lookups.start(
    { data: `192.0.2.${(address = (address + 1) % 250)}`, sourceIds: [source.id], deadlineMs },
    { userId: first.admin.id, callerClass },
  );
  await lookups.settled(lookup, 60_000);
  const [written] = lookup.answers;
  if (!written) throw new Error("no answer");
  return written.answer;
}
const left = async (secret: Secret) =>
  (await client.secrets.get({ params: { id: secret.id } })).standing.windows.map((window) => window.left);
const minute = { limit: 4, per: "minute" };

test("64 lookups at once on two nodes against 4 a minute let exactly 4 calls out; Redis holds no secret", async () => {
  const source = await newSource();
  const secret = await newSecret(source, { quota: [minute, { limit: 500, per: "day" }] });
  const answers = await Promise.all(
    Array.from({ length: 64 }, (_, nth) => ask(source, nth % 2 === 0 ? first : second)),
  );
  expect(hits).toHaveLength(4);
  expect(answers.filter(({ outcome }) => outcome === "ok")).toHaveLength(4);
  const refused = answers.filter(({ outcome }) => outcome === "failed");
  expect(refused).toHaveLength(60);
  for (const { problems } of refused)
    expect(problems).toMatchObject([
      { code: "QUOTA_EXHAUSTED", slots: ["KEY"], resetsAt: expect.any(String), retryAfterMs: expect.any(Number) },
    ]);
  await vi.waitFor(async () => expect(await left(secret)).toEqual([0, 496]));
  const inspector = new Redis(redis.url);
  const keys = await inspector.keys("*");
  const values = await Promise.all(
    keys.filter((key) => key.startsWith("assay:quota")).map((key) => inspector.hgetall(key)),
  );
  expect(keys).toContain(`assay:quota:secret:${secret.id}`);
  expect(JSON.stringify([keys, values])).not.toContain(planted);
  inspector.disconnect();
});

test("a key that two sources share has one quota, which its slots give where it has none of its own", async () => {
  const [one, other] = [
    await newSource({ secretSlots: [{ ...slot(), quota: [minute] }] }),
    await newSource({ secretSlots: [{ ...slot(), quota: [{ limit: 3, per: "minute" }] }] }),
  ];
  const secret = await newSecret(one);
  expect(await left(secret)).toEqual([4]);
  const body = { slots: [{ name: "KEY", secretIds: [secret.id] }] };
  await client.sources.assignSecrets({ params: { id: other.id }, body });
  expect(await left(secret)).toEqual([3]);
  await Promise.all([ask(one), ask(other), ask(one), ask(other)]);
  expect(hits).toHaveLength(3);
  await client.secrets.update({ params: { id: secret.id }, body: { quota: [] } });
  expect((await ask(one)).outcome).toBe("ok");
});

test("the next of a pool is used while it has anything left, and what is kept for people is theirs", async () => {
  const source = await newSource();
  const quota = [{ limit: 2, per: "hour" }];
  await newSecret(source, { quota, value: "key-a", quotaReservePercent: 50 });
  await newSecret(source, { quota, value: "key-b" });
  const answers = await Promise.all(Array.from({ length: 5 }, () => ask(source, first, "bulk")));
  expect(hits.map((hit) => hit.slice(0, 5)).toSorted()).toEqual(["key-a", "key-b", "key-b"]);
  const codes = answers.flatMap(({ outcome, problems }) => problems.map(({ code }) => [outcome, code]));
  expect(codes.length).toBe(2);
  expect((await ask(source, second, "interactive")).outcome).toBe("ok");
  expect(await ask(source, second, "interactive")).toMatchObject({
    outcome: "failed",
    problems: [{ code: "QUOTA_EXHAUSTED" }],
  });
});

test("with a reserve alone the answer is that the budget is kept for people", async () => {
  const source = await newSource();
  await newSecret(source, { quota: [{ limit: 1, per: "hour" }], quotaReservePercent: 90 });
  expect((await ask(source, first, "scheduled")).outcome).toBe("ok");
  const other = await newSource();
  await newSecret(other, { quota: [{ limit: 2, per: "hour" }], quotaReservePercent: 50 });
  await ask(other, first, "scheduled");
  expect(await ask(other, first, "scheduled")).toMatchObject({ outcome: "skipped", problems: [{ code: "BUDGET" }] });
});

test("what the provider says lowers what is left; a call that never reached it is given back; many of one run all count", async () => {
  const source = await newSource();
  const secret = await newSecret(source, { quota: [{ limit: 1000, per: "day" }] });
  says.headers = { "x-ratelimit-limit": "1000", "x-ratelimit-remaining": "7", "x-ratelimit-reset": "3600" };
  const { http } = await ask(source);
  expect(http).toMatchObject([{ rateLimit: { stop: false, limit: 1000, left: 7, resetMs: 3_600_000 } }]);
  await vi.waitFor(async () => expect(await left(secret)).toEqual([7]));
  says.headers["x-ratelimit-remaining"] = "900";
  await ask(source);
  await vi.waitFor(async () => expect(await left(secret)).toEqual([6]));

  const silent = await newSource({ code: "export const fetchData = () => ({ data: 1 });" });
  const unused = await newSecret(silent, { quota: [minute] });
  expect((await ask(silent)).outcome).toBe("ok");
  await vi.waitFor(async () => expect(await left(unused)).toEqual([4]));

  says.headers = {};
  const thrice = await newSource({ code: keyed().replace("  await", "  for (const _ of [1, 2, 3]) await") });
  const used = await newSecret(thrice, { quota: [{ limit: 4, per: "hour" }] });
  expect((await ask(thrice)).outcome).toBe("ok");
  await vi.waitFor(async () => expect(await left(used)).toEqual([1]));
  expect((await ask(thrice)).problems).toMatchObject([{ code: "QUOTA_EXHAUSTED" }]);

  hits.length = 0;
  const said = await newSource({ code: thrice.code, callsPerLookup: 3 });
  await newSecret(said, { quota: [{ limit: 4, per: "hour" }] });
  await Promise.all(Array.from({ length: 8 }, (_, nth) => ask(said, nth % 2 ? first : second)));
  expect(hits).toHaveLength(3);
});

test("when the provider says stop, no node asks until the reset, restarts included, or somebody lifts the rest", async () => {
  const source = await newSource({ code: keyed().replace("return", "if (indicator.data) return") });
  const secret = await newSecret(source);
  says = { status: 509, headers: { "retry-after": "3600" } };
  expect((await ask(source)).problems).toMatchObject([{ code: "RATE_LIMITED" }]);
  says = { status: 200, headers: {} };
  const isResting = { outcome: "skipped", problems: [{ code: "BUDGET", slots: ["KEY"] }] };
  expect(await ask(source)).toMatchObject(isResting);
  await vi.waitFor(async () => expect(await ask(source, second)).toMatchObject(isResting));
  const third = await startTestBackend({ databaseUrl: first.databaseUrl, redisUrl: redis.url });
  expect(third.backend.secrets.rests.untilMs(`secret:${secret.id}`)).toBeGreaterThan(Date.now() + 3_000_000);
  await third.close();
  const before = hits.length;
  await client.secrets.liftRest({ params: { id: secret.id } });
  expect((await ask(source)).outcome).toBe("ok");
  await vi.waitFor(async () => expect((await ask(source, second)).outcome).toBe("ok"));
  expect(hits.length).toBeGreaterThan(before);
  await expect(client.secrets.liftRest({ params: { id: secret.id } })).rejects.toMatchObject({
    problem: { code: "CONFLICT" },
  });
  const { items } = await client.events.list({ query: { action: "secret.liftRest" } });
  expect(items).toMatchObject([{ object: { id: secret.id }, changes: [{ field: "restsUntil", after: null }] }]);
});

test("a new value is not bound by what the provider said of the one before, not even by an answer that comes late; what was counted stays", async () => {
  const source = await newSource();
  const secret = await newSecret(source, { quota: [{ limit: 1000, per: "day" }] });
  says.headers = { "x-ratelimit-limit": "1000", "x-ratelimit-remaining": "7", "x-ratelimit-reset": "3600" };
  expect([(await ask(source)).outcome, await left(secret)]).toEqual(["ok", [7]]);
  const gate = Promise.withResolvers<undefined>();
  held = gate.promise;
  const late = ask(source);
  await vi.waitFor(() => expect(hits).toHaveLength(2));
  await client.secrets.update({ params: { id: secret.id }, body: { value: "another-planted-key" } });
  expect(await left(secret)).toEqual([998]);
  gate.resolve(undefined);
  expect([(await late).http[0]?.rateLimit?.left, await left(secret)]).toEqual([7, [998]]);
});

test("a source without secrets has a quota and a rest of its own; one that is told to only count is never held back", async () => {
  const source = await newSource({ secretSlots: [], quota: [minute] });
  await vi.waitFor(() => expect(second.backend.registry.get(source.id)).toBeDefined());
  await Promise.all(Array.from({ length: 8 }, (_, nth) => ask(source, nth % 2 ? first : second)));
  expect(hits).toHaveLength(4);
  await client.sources.update({ params: { id: source.id }, body: { limitEnabled: false } });
  expect((await ask(source)).outcome).toBe("ok");
  says = { status: 429, headers: { "retry-after": "60" } };
  await ask(source);
  expect(await ask(source)).toMatchObject({ outcome: "skipped", problems: [{ code: "BUDGET" }] });
  const { quotas } = await client.sources.quota({ params: { id: source.id } });
  expect(quotas).toMatchObject([{ secret: null, standing: { counted: "all_nodes", windows: [{ left: 0 }] } }]);
  await client.sources.liftRest({ params: { id: source.id } });
  says = { status: 200, headers: {} };
  expect((await ask(source)).outcome).toBe("ok");
});

test("a quota that was set on a secret holds, whatever a source's author switches off", async () => {
  const source = await newSource();
  await newSecret(source, { quota: [{ limit: 1, per: "hour" }] });
  await client.sources.update({ params: { id: source.id }, body: { limitEnabled: false } });
  await vi.waitFor(() => expect(second.backend.registry.get(source.id)?.limits.enabled).toBe(false));
  expect((await ask(source)).outcome).toBe("ok");
  expect(await ask(source)).toMatchObject({ outcome: "failed", problems: [{ code: "QUOTA_EXHAUSTED" }] });
  expect(hits).toHaveLength(1);
});

test("with limitMode wait people come before batches, whoever came first; who cannot have a turn in time is told at once", async () => {
  const source = await newSource({ limitMode: "wait", limitWaitMs: 20_000 });
  await newSecret(source, { quota: [{ limit: 1, per: "2s" }] });
  const order: CallerClass[] = [];
  const asked = (["api", "bulk", "scheduled", "interactive"] as const).map(async (callerClass) => {
    const { outcome } = await ask(source, first, callerClass);
    expect(outcome).toBe("ok");
    order.push(callerClass);
  });
  await Promise.all(asked);
  expect(order).toEqual(["api", "interactive", "scheduled", "bulk"]);
  expect(hits).toHaveLength(4);

  const slow = await newSource({ limitMode: "wait", limitWaitMs: 5000 });
  await newSecret(slow, { quota: [{ limit: 1, per: "hour" }] });
  await ask(slow);
  expect(await ask(slow)).toMatchObject({ outcome: "failed", problems: [{ code: "QUOTA_EXHAUSTED" }] });
});

test("who waits has the turn of a call that is given back, and leaves with its lookup", async () => {
  const code = `export const fetchData = async (indicator, { http }) => {
    await http.get("http://${elsewhereHost}/" + indicator.data);
    return { data: 1 };
  };`;
  const source = await newSource({ code, hosts: [host, elsewhereHost], limitMode: "wait", limitWaitMs: 120_000 });
  await newSecret(source, { quota: [{ limit: 1, per: "minute" }] });
  const gate = Promise.withResolvers<undefined>();
  held = gate.promise;
  const running = ask(source);
  await vi.waitFor(() => expect(hits).toHaveLength(1));
  const { lookups } = first.backend;
  const start = (data: string) =>
    lookups.start(
      { data, sourceIds: [source.id], deadlineMs: 150_000 },
      { userId: first.admin.id, callerClass: "api" },
    );
  const [cancelled, waiting] = [start("192.0.2.251"), start("192.0.2.252")];
  await lookups.stored(waiting);
  await lookups.cancel(cancelled.request.id);
  await lookups.settled(cancelled, 20_000);
  expect(cancelled.answers[0]?.answer.problems[0]?.code).toBe("CANCELLED");
  expect(waiting.answers).toEqual([]);
  // It went where the key does not go: the call of the key is free long before its minute is over.
  gate.resolve(undefined);
  expect((await running).outcome).toBe("ok");
  await lookups.settled(waiting, 20_000);
  expect(waiting.answers[0]?.answer.outcome).toBe("ok");
});

test("what is left is told before anything is spent, for each class of callers", async () => {
  const source = await newSource();
  const secret = await newSecret(source, { quota: [minute, { limit: 10, per: "day" }], quotaReservePercent: 50 });
  const { registry, secrets } = first.backend;
  const peek = async (callerClass: CallerClass) =>
    secrets.quotas.peek([registry.get(source.id) ?? expect.unreachable()], callerClass, secrets.store);
  const tightest = { sourceId: source.id, callsPerLookup: 1, secretId: secret.id, per: "minute", limit: 4, waitMs: 0 };
  expect(await peek("interactive")).toEqual([{ ...tightest, left: 4 }]);
  expect(await peek("bulk")).toEqual([{ ...tightest, left: 2 }]);
  await ask(source);
  await vi.waitFor(async () => expect(await peek("bulk")).toMatchObject([{ left: 1 }]));
  expect(hits).toHaveLength(1);
});

test("while Redis is away nothing with a quota is spent, which is told; when it is back, empty, what was counted still is", async () => {
  const source = await newSource();
  const secret = await newSecret(source, { quota: [minute] });
  const free = await newSource({ secretSlots: [] });
  await Promise.all(Array.from({ length: 3 }, () => ask(source)));
  // What was counted reaches the database a moment later.
  await vi.waitFor(async () => {
    const row = await first.db.prisma.quotaCount.findUnique({ where: { subject: `secret:${secret.id}` } });
    const counts = (row?.state as { buckets?: Record<string, Record<string, number>> } | undefined)?.buckets?.["60000"];
    expect(Object.values(counts ?? {}).reduce((sum, each) => sum + each, 0)).toBe(3);
  });
  await redis.stop();
  await vi.waitFor(() => expect(first.backend.limiters.redis?.trouble()).not.toBeNull());
  expect(await ask(source)).toMatchObject({
    outcome: "skipped",
    problems: [{ code: "BUDGET", message: expect.stringContaining("Redis") }],
  });
  expect((await ask(free)).outcome).toBe("ok");
  expect((await client.secrets.get({ params: { id: secret.id } })).standing).toMatchObject({
    counted: "unknown",
    windows: [{ limit: 4, left: null }],
  });
  const { dependencies } = await client.health.ready();
  expect(dependencies.find(({ name }) => name === "Redis")?.reason).toContain("quota");
  await redis.start();
  for (const { backend } of [first, second])
    await vi.waitFor(() => expect(backend.limiters.redis?.trouble()).toBeNull(), 20_000);
  hits.length = 0;
  const answers = await Promise.all(Array.from({ length: 8 }, (_, nth) => ask(source, nth % 2 ? first : second)));
  expect(hits).toHaveLength(1);
  expect(answers.filter(({ outcome }) => outcome === "ok")).toHaveLength(1);
});

test("without Redis one node counts for itself, says so, and forgets nothing when it starts again", async () => {
  const source = await newSource();
  const secret = await newSecret(source, { quota: [{ limit: 2, per: "hour" }] });
  let alone = await first.startBeside();
  const answers = await Promise.all(Array.from({ length: 8 }, () => ask(source, alone)));
  expect(answers.filter(({ outcome }) => outcome === "ok")).toHaveLength(2);
  const standing = async () => {
    const there = alone.client(await alone.token());
    return (await there.secrets.get({ params: { id: secret.id } })).standing;
  };
  expect(await standing()).toMatchObject({ counted: "this_node", windows: [{ left: 0 }] });
  const { dependencies } = await alone.client(await alone.token()).health.ready();
  expect(dependencies.find(({ name }) => name === "Quotas")).toMatchObject({
    up: true,
    reason: null,
    note: expect.stringContaining("one node"),
  });
  await alone.close();
  alone = await first.startBeside();
  expect(await standing()).toMatchObject({ windows: [{ left: 0 }] });
  await alone.close();
});
