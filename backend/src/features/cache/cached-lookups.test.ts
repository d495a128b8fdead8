import { setImmediate } from "node:timers/promises";
import type { CacheLifetimes, Client, Request, RequestInput, Source, SourceInput } from "@assay/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestBackend } from "../../testing.ts";
import { startTestRedis, type TestRedis } from "../../testing-redis.ts";
import { type ServedBackend, startServedBackend } from "../../testing-served.ts";
import { askUpstream, type CountingUpstream, startCountingUpstream } from "./counting-upstream.ts";

let upstream: CountingUpstream;
let redis: TestRedis;
/** Keep answers in the memory of each. */
let alone: ServedBackend;
let beside: TestBackend;
/** Keep answers in one Redis. */
let first: TestBackend;
let second: TestBackend;
beforeAll(async () => {
  [upstream, redis] = await Promise.all([startCountingUpstream(), startTestRedis()]);
  alone = await startServedBackend({ settings, runnerEnv: { ASSAY_EGRESS_ALLOW_PRIVATE: upstream.host } });
  beside = await alone.startBeside({ settings });
  first = await alone.startBeside({ settings, redisUrl: redis.url, ownDatabase: true });
  second = await startBesideFirst();
});
afterAll(async () => {
  for (const node of [second, first, beside, alone]) await node.close();
  await redis.stop();
  upstream.close();
});

const settings = { callsPerAddress: 0, callsPerToken: 0, callsPerUser: 0 };
const startBesideFirst = () => alone.startBeside({ settings, redisUrl: redis.url, databaseUrl: first.databaseUrl });
const hour: CacheLifetimes = { foundSeconds: 3_600, notFoundSeconds: 3_600, failedSeconds: 0, staleSeconds: 0 };
const clients = new Map<TestBackend, Client>();
const clientOf = async (node: TestBackend): Promise<Client> => {
  const client = clients.get(node) ?? node.client(await node.token());
  clients.set(node, client);
  return client;
};
async function newSource(node: TestBackend, changes: Partial<SourceInput> = {}): Promise<Source> {
  const client = await clientOf(node);
  const provider = await client.providers.create({ body: { name: `Provider ${Math.random()}` } });
  const source = await client.sources.create({
    body: {
      name: "Counted",
      providerId: provider.id,
      language: "JAVASCRIPT",
      code: askUpstream(upstream.host),
      supportedIndicators: ["DOMAIN", "URL"],
      exposure: "local",
      hosts: [upstream.host],
      cacheLifetimes: hour,
      ...changes,
    },
  });
  // The other node reads it when the database has told it.
  for (const { backend } of node === alone || node === beside ? [alone, beside] : [first, second])
    await expect.poll(() => backend.registry.get(source.id)?.snapshot.versionId).toBe(source.versionId);
  return source;
}
const start = async (node: TestBackend, { id }: Source, data: string, input: Partial<RequestInput> = {}) =>
  (await clientOf(node)).requests.create({ body: { data, sourceIds: [id], ...input } });
const end = async (node: TestBackend, { id }: Request): Promise<Request> => {
  const client = await clientOf(node);
  await expect.poll(async () => (await client.requests.get({ params: { id } })).status).not.toBe("running");
  return client.requests.get({ params: { id } });
};
async function lookUp(node: TestBackend, { id }: Source, data: string, input: Partial<RequestInput> = {}) {
  const body = { data, sourceIds: [id], ...input };
  const { answers } = await (await clientOf(node)).requests.create({ query: { wait: "60s" }, body });
  expect(answers).toHaveLength(1);
  return told(answers[0]);
}
const told = (answer: Request["answers"][number] | undefined) => ({
  outcome: answer?.outcome,
  call: (answer?.data as { call?: number } | null)?.call,
  state: answer?.cache.state,
});
/** Once a call for this name has reached the upstream. */
const underWay = (name: string, calls = 1) => expect.poll(() => upstream.calls(name)).toBe(calls);

describe.each(["memory", "redis"] as const)("with the cache in %s", (driver) => {
  const node = () => (driver === "memory" ? alone : first);
  const name = (text: string) => `${text}-${driver}.example`;

  test("a thousand identical lookups make one call, and each has its own answer", async () => {
    const source = await newSource(node());
    const client = await clientOf(node());
    const { lookups } = node().backend;
    const origin = { userId: node().admin.id, callerClass: "api" } as const;
    const crowd: ReturnType<typeof lookups.start>[] = [];
    const letGo = upstream.hold();
    while (crowd.length < 1_000) {
      crowd.push(lookups.start({ data: name("crowd"), sourceIds: [source.id] }, origin));
      if (crowd.length % 20 === 0) await setImmediate();
    }
    letGo();
    await Promise.all(crowd.map((lookup) => lookups.settled(lookup, 60_000)));
    const ended = crowd.map((lookup) => lookup.answers.map(({ answer }) => answer));
    expect(upstream.calls(name("crowd"))).toBe(1);
    expect(new Set(ended.map((answers) => answers.length))).toEqual(new Set([1]));
    const answers = ended.flat();
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1_000);
    expect(answers.every(({ data }) => (data as { call: number }).call === 1)).toBe(true);
    expect(answers.filter(({ cache }) => cache.state === "stored")).toHaveLength(1);
    const { sources } = await client.cache.get();
    const use = sources.find((each) => each.source.id === source.id);
    expect(use).toMatchObject({ entries: 1, misses: 1, stale: 0 });
    expect((use?.hits ?? 0) + (use?.coalesced ?? 0)).toBe(999);
  });

  test("a hit has the age and the date of the call, and none of its logs", async () => {
    const source = await newSource(node());
    const client = await clientOf(node());
    const ask = () => client.requests.execute({ query: { data: name("hit"), sourceIds: source.id } });
    const [stored] = (await ask()).answers;
    const [hit] = (await ask()).answers;
    expect(hit).toMatchObject({ fetchedAt: stored?.fetchedAt, http: [], logs: [], timing: { upstreamMs: 0 } });
    expect(hit?.cache).toEqual({ state: "hit", ageSeconds: expect.any(Number), expiresAt: stored?.cache.expiresAt });
    expect(hit?.id).not.toBe(stored?.id);
    const rows = await client.sources.requests({ params: { id: source.id } });
    expect(rows.items.map(({ answer }) => answer.id)).toEqual([hit?.id, stored?.id]);
  });

  test("a refresh asks anew, and what it brings is what others get", async () => {
    const source = await newSource(node());
    expect(await lookUp(node(), source, name("refresh"))).toMatchObject({ call: 1, state: "stored" });
    expect(await lookUp(node(), source, name("refresh"))).toMatchObject({ call: 1, state: "hit" });
    expect(await lookUp(node(), source, name("refresh"), { refresh: true })).toMatchObject({
      call: 2,
      state: "stored",
    });
    expect(await lookUp(node(), source, name("refresh"))).toMatchObject({ call: 2, state: "hit" });
  });

  test("stale answers are given at once, asked anew behind them, and stay when that fails", async () => {
    const source = await newSource(node(), { cacheLifetimes: { ...hour, foundSeconds: 1, staleSeconds: 3_600 } });
    await lookUp(node(), source, name("stale"));
    upstream.fail(true);
    await expect.poll(() => lookUp(node(), source, name("stale"))).toMatchObject({ call: 1, state: "stale" });
    await underWay(name("stale"), 2);
    expect(await lookUp(node(), source, name("stale"))).toMatchObject({ outcome: "ok", call: 1, state: "stale" });
    // It failed, so it is not tried again with every lookup.
    expect(upstream.calls(name("stale"))).toBe(2);
    upstream.fail(false);
    const other = name("revalidated");
    await lookUp(node(), source, other);
    await expect.poll(() => lookUp(node(), source, other)).toMatchObject({ call: 1, state: "stale" });
    await expect.poll(async () => (await lookUp(node(), source, other)).call).toBeGreaterThan(1);
  });

  test("a change of code, of a setting's value or of the hosts makes old answers unreachable", async () => {
    const config = { depth: { type: "integer", default: 1 } } as const;
    const source = await newSource(node(), { config });
    const client = await clientOf(node());
    const states = [];
    for (const body of [
      {},
      { configValues: { depth: 2 } },
      { configValues: { depth: 1 } },
      { hosts: [upstream.host, "api.example.org"] },
      { code: `${source.code}\n` },
      { name: "Renamed" },
    ]) {
      await client.sources.update({ params: { id: source.id }, body });
      states.push((await lookUp(node(), source, name("changed"))).state);
    }
    expect(states).toEqual(["stored", "stored", "hit", "stored", "stored", "hit"]);
    const { items } = await client.cache.entries({ query: { sourceId: source.id } });
    expect([items.length, items.filter(({ current }) => current).length]).toEqual([4, 1]);
  });

  test("a forecast tells what is in the cache, unless it is to be asked anew", async () => {
    const source = await newSource(node());
    await lookUp(node(), source, name("forecast"));
    const client = await clientOf(node());
    const body = { indicators: [name("forecast"), name("unknown")], sourceIds: [source.id] };
    expect(await client.indicators.plan({ body })).toMatchObject({ cached: 1, calls: 1 });
    expect(await client.indicators.plan({ body: { ...body, refresh: true } })).toMatchObject({ cached: 0, calls: 2 });
    expect(upstream.calls(name("forecast")) + upstream.calls(name("unknown"))).toBe(1);
  });

  test("a source without a cache is asked every time", async () => {
    const source = await newSource(node(), { cacheEnabled: false });
    expect(await lookUp(node(), source, name("off"))).toMatchObject({ call: 1, state: "off" });
    expect(await lookUp(node(), source, name("off"))).toMatchObject({ call: 2, state: "off" });
  });

  test("a failure is kept for as long as the source says, and then gives way", async () => {
    const source = await newSource(node(), { cacheLifetimes: { ...hour, failedSeconds: 3 } });
    upstream.fail(true);
    expect(await lookUp(node(), source, name("failed"))).toMatchObject({ outcome: "failed", state: "stored" });
    expect(await lookUp(node(), source, name("failed"))).toMatchObject({ outcome: "failed", state: "hit" });
    upstream.fail(false);
    await expect.poll(async () => (await lookUp(node(), source, name("failed"))).outcome).toBe("ok");
    expect(upstream.calls(name("failed"))).toBe(2);
  });

  test("TLP:RED takes what is there, leaves nothing, and shares no call", async () => {
    const source = await newSource(node());
    const red = { tlp: "RED" } as const;
    expect(await lookUp(node(), source, name("red"), red)).toMatchObject({ call: 1, state: "off" });
    const letGo = upstream.hold();
    const secret = await start(node(), source, name("red"), red);
    await underWay(name("red"), 2);
    const open = await start(node(), source, name("red"));
    await underWay(name("red"), 3);
    letGo();
    expect(told((await end(node(), secret)).answers[0])).toMatchObject({ state: "off" });
    expect(told((await end(node(), open)).answers[0])).toMatchObject({ state: "stored" });
    expect(await lookUp(node(), source, name("red"), red)).toMatchObject({ state: "hit" });
  });

  test.each([
    ["is cancelled", {}],
    ["runs out of time", { deadlineMs: 500 }],
  ])("the one that made the call %s: the others get their answer all the same", async (what, input) => {
    const source = await newSource(node());
    const data = name(what.replaceAll(" ", "-"));
    const letGo = upstream.hold();
    const leader = await start(node(), source, data, input);
    await underWay(data);
    const followers = await Promise.all(Array.from({ length: 20 }, () => start(node(), source, data)));
    const client = await clientOf(node());
    if (what === "is cancelled") await client.requests.cancel({ params: { id: leader.id } });
    expect(told((await end(node(), leader)).answers[0])).toMatchObject({ call: undefined, state: "off" });
    await underWay(data, 2);
    letGo();
    const answers = [];
    for (const follower of followers) answers.push(told((await end(node(), follower)).answers[0]));
    expect(answers.map(({ call }) => call)).toEqual(Array.from({ length: 20 }, () => 2));
    expect(answers.filter(({ state }) => state === "stored")).toHaveLength(1);
    expect(upstream.calls(data)).toBe(2);
  });

  test("a follower has its own deadline, and leaves the call to those who stay", async () => {
    const source = await newSource(node());
    const letGo = upstream.hold();
    const leader = await start(node(), source, name("patient"));
    await underWay(name("patient"));
    const hasty = await start(node(), source, name("patient"), { deadlineMs: 300 });
    expect(await end(node(), hasty)).toMatchObject({
      status: "expired",
      answers: [{ problems: [{ code: "TIMEOUT" }] }],
    });
    letGo();
    expect(told((await end(node(), leader)).answers[0])).toMatchObject({ call: 1, state: "stored" });
  });
});

test("what a source may not see of an indicator makes no difference, and is not kept", async () => {
  const source = await newSource(alone, {
    strip: ["url_query"],
    code: "export const fetchData = ({ data }) => ({ data });",
  });
  const client = await clientOf(alone);
  const ask = (data: string) => client.requests.execute({ query: { data, sourceIds: source.id } });
  await ask("https://strip.example/?who=ann");
  const [answer] = (await ask("https://strip.example/?who=bob")).answers;
  expect(answer).toMatchObject({ cache: { state: "hit" }, askedFor: { stripped: ["url_query"] } });
  const query = { data: "https://strip.example/?who=eve" };
  expect(JSON.stringify(await client.cache.entries({ query }))).not.toMatch(/who/);
  expect(await client.cache.clear({ query })).toEqual({ removed: 1 });
});

test("nodes without Redis clear each other's memory", async () => {
  const source = await newSource(alone);
  await lookUp(beside, source, "cleared.example");
  await lookUp(alone, source, "cleared.example");
  expect(await (await clientOf(alone)).cache.clear({ query: { data: "cleared.example" } })).toEqual({ removed: 1 });
  const others = await clientOf(beside);
  await expect.poll(async () => (await others.cache.entries({ query: { data: "cleared.example" } })).items).toEqual([]);
});

describe("nodes that share a Redis", () => {
  test("make one call for identical lookups on both", async () => {
    const source = await newSource(first);
    const letGo = upstream.hold();
    const nodes = Array.from({ length: 100 }, (_, at) => (at % 2 === 0 ? first : second));
    const all = await Promise.all(nodes.map((node) => start(node, source, "both.example")));
    await underWay("both.example");
    letGo();
    const answers = [];
    for (const [at, request] of all.entries()) answers.push(told((await end(nodes[at] ?? first, request)).answers[0]));
    expect(new Set(answers.map(({ call }) => call))).toEqual(new Set([1]));
    expect(answers.filter(({ state }) => state === "stored")).toHaveLength(1);
    expect(upstream.calls("both.example")).toBe(1);
  });

  test("share a failure that is not kept, instead of all of them asking", async () => {
    const source = await newSource(first);
    const letGo = upstream.hold();
    upstream.fail(true);
    const one = await start(first, source, "down.example");
    await underWay("down.example");
    const other = await start(second, source, "down.example");
    letGo();
    const [mine, theirs] = [await end(first, one), await end(second, other)];
    upstream.fail(false);
    expect([mine, theirs].map(({ answers }) => answers[0]?.cache.state)).toEqual(["off", "coalesced"]);
    expect(upstream.calls("down.example")).toBe(1);
  });

  test("take a call over from a node that stops renewing its lease, as one does that hangs", async () => {
    const hung = await startBesideFirst();
    const source = await newSource(first);
    await expect.poll(() => hung.backend.registry.get(source.id)).toBeDefined();
    const letGo = upstream.hold();
    const leader = await start(hung, source, "hung.example");
    await underWay("hung.example");
    const follower = await start(second, source, "hung.example");
    hung.backend.cache.close();
    await underWay("hung.example", 2);
    letGo();
    expect(told((await end(second, follower)).answers[0])).toMatchObject({ outcome: "ok", call: 2 });
    await end(hung, leader);
    await hung.close();
  });

  test("clear what the other has, at once", async () => {
    const source = await newSource(first);
    await lookUp(first, source, "shared.example");
    expect(await lookUp(second, source, "shared.example")).toMatchObject({ call: 1, state: "hit" });
    const client = await clientOf(first);
    expect(await client.cache.clear({ query: { sourceId: source.id, data: "shared.example" } })).toEqual({
      removed: 1,
    });
    expect(await lookUp(second, source, "shared.example")).toMatchObject({ call: 2, state: "stored" });
    expect(await client.cache.clear({ query: { sourceId: source.id } })).toEqual({ removed: 1 });
    expect(await lookUp(second, source, "shared.example")).toMatchObject({ call: 3, state: "stored" });
  });

  test("do not wait for a Redis that answers nothing any more", async () => {
    const source = await newSource(first);
    await lookUp(first, source, "frozen.example");
    redis.freeze(true);
    const client = await clientOf(first);
    try {
      expect(await lookUp(first, source, "frozen.example")).toMatchObject({ outcome: "ok", call: 2, state: "off" });
      expect((await client.cache.get()).trouble).toMatch(/does not answer/);
    } finally {
      redis.freeze(false);
    }
    await expect.poll(async () => (await client.cache.get()).trouble).toBeNull();
    await expect.poll(async () => (await lookUp(first, source, "frozen.example")).state).toBe("hit");
  });

  test("do without a Redis that goes away in the middle of it, say so, and use it again", async () => {
    const source = await newSource(first);
    await lookUp(second, source, "before.example");
    const letGo = upstream.hold();
    const leader = await start(first, source, "away.example");
    await underWay("away.example");
    const follower = await start(second, source, "away.example");
    await redis.stop();
    // Nobody can say any more whether the other node still makes the call.
    await underWay("away.example", 2);
    letGo();
    for (const [node, request] of [
      [first, leader],
      [second, follower],
    ] as const)
      expect(told((await end(node, request)).answers[0])).toMatchObject({ outcome: "ok" });
    const client = await clientOf(second);
    expect(await lookUp(second, source, "before.example")).toMatchObject({ outcome: "ok", state: "off" });
    const { dependencies } = await client.health.ready();
    expect(dependencies.find((each) => each.name === "Redis")?.reason).toContain("answers are neither kept nor shared");
    expect(await client.cache.get()).toMatchObject({
      driver: "redis",
      entries: null,
      trouble: expect.stringMatching(/./),
    });
    await expect(client.cache.entries()).rejects.toMatchObject({ problem: { code: "UNAVAILABLE" } });
    await expect(client.cache.clear({ query: { all: "true" } })).rejects.toMatchObject({
      problem: { code: "UNAVAILABLE" },
    });
    await redis.start();
    await expect.poll(async () => (await client.cache.get()).trouble).toBeNull();
    expect(await lookUp(second, source, "before.example")).toMatchObject({ state: "stored" });
    expect(await lookUp(first, source, "before.example")).toMatchObject({ state: expect.stringMatching(/hit|stored/) });
  });
});
