import { createLogger } from "@assay/process";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type RedisConnection, openRedis } from "../../limits/redis.ts";
import { startTestRedis, type TestRedis } from "../../testing-redis.ts";
import { testAnswer, testSource } from "../lookups/fixtures.ts";
import type { AnswerStore, Expiry } from "./answer-store.ts";
import { type CacheKey, cacheKeyOf } from "./cache-key.ts";
import { type CachedAnswer, cachedAnswerOf } from "./cached-answer.ts";
import { createMemoryStore } from "./memory-store.ts";
import { createRedisDoor } from "./redis-door.ts";
import { createRedisStore } from "./redis-store.ts";
import { createSeal } from "./sealed-answer.ts";

const log = createLogger({ name: "test", level: "error", format: "pretty" });
const seal = createSeal([{ key: Buffer.alloc(32, 7) }]);
let redis: TestRedis;
let connection: RedisConnection;
let raw: Redis;
beforeAll(async () => {
  redis = await startTestRedis();
  connection = openRedis(redis.url, log);
  raw = new Redis(redis.url);
  await vi.waitFor(() => expect(connection.trouble()).toBeNull(), 20_000);
});
afterAll(async () => {
  raw.disconnect();
  connection.close();
  await redis.stop();
});

const lifetimes = { foundSeconds: 3_600, notFoundSeconds: 600, failedSeconds: 60, staleSeconds: 600 };
const keyOf = (slug: string, data = "192.0.2.1"): CacheKey => cacheKeyOf(testSource(slug), { kind: "IPV4", data });
const nowMs = Date.now();
/** An answer that was fetched so many seconds ago. */
const answerOf = (data: unknown, agoSeconds = 0, changes: object = {}): CachedAnswer => {
  const fetchedAt = new Date(nowMs - agoSeconds * 1000).toISOString();
  const answer = testAnswer("any", { data: data as string, fetchedAt, ...changes });
  return cachedAnswerOf(answer, { kind: "IPV4", data: String(data) }, lifetimes, null);
};
const timesOf = (expiry: Expiry | null) => expiry && [expiry.expiresAtMs, expiry.goneAtMs];
const failure = { outcome: "failed", problems: [{ code: "UPSTREAM_ERROR", message: "" }] } as const;

describe.each(["memory", "redis"] as const)("the store in %s", (driver) => {
  let store: AnswerStore;
  beforeAll(async () => {
    await raw.flushall();
    const open = () => createRedisStore(createRedisDoor(connection), seal, log);
    store = driver === "memory" ? createMemoryStore(1_000_000) : open();
  });
  const dataOf = async (...keys: CacheKey[]) => {
    const answers = ((await store.read(keys)) ?? []).map(({ answer }) => answer);
    // Whoever asks only until when answers are kept is told of the same ones.
    expect((await store.expiries(keys))?.map(timesOf)).toEqual(answers.map(timesOf));
    return answers.map((answer) => answer && answer.said.data);
  };
  const write = async (key: CacheKey, answer: CachedAnswer) => {
    const [reading] = (await store.read([key])) ?? [];
    await store.write(key, answer, reading?.generation ?? "");
  };

  it("gives what was written, by source and indicator, in the order asked", async () => {
    const [a, b, other] = [keyOf("order-a"), keyOf("order-b"), keyOf("order-a", "192.0.2.2")];
    await write(a, answerOf("from a"));
    await write(other, answerOf({ other: [1, "zwei\n\u2028"] }));
    expect(await dataOf(b, other, a)).toEqual([null, { other: [1, "zwei\n\u2028"] }, "from a"]);
    const [reading] = (await store.read([a])) ?? [];
    expect(reading?.answer).toEqual(answerOf("from a"));
    expect([await store.read([]), await store.expiries([])]).toEqual([[], []]);
  });

  it("keeps a failure only where there is nothing better, and what comes later in its place", async () => {
    const key = keyOf("better");
    await write(key, answerOf("failure", 0, failure));
    expect(await dataOf(key)).toEqual(["failure"]);
    await write(key, answerOf("found"));
    await write(key, answerOf("failure again", 0, failure));
    expect(await dataOf(key)).toEqual(["found"]);
    await write(key, answerOf("found again"));
    expect(await dataOf(key)).toEqual(["found again"]);
  });

  it("clears all of a source, single answers, and everything; other answers stay", async () => {
    await store.clear({ all: true }, nowMs);
    const [a1, a2, b1, b2] = [keyOf("ca", "1"), keyOf("ca", "2"), keyOf("cb", "1"), keyOf("cb", "2")];
    const fill = async () => {
      for (const [at, key] of [a1, a2, b1, b2].entries()) await write(key, answerOf(at));
    };
    await fill();
    expect(await store.clear({ sourceId: a1.sourceId }, nowMs)).toBe(2);
    expect(await dataOf(a1, a2, b1, b2)).toEqual([null, null, 2, 3]);
    await fill();
    expect(await store.clear({ keys: [a1, b1, keyOf("absent")] }, nowMs)).toBe(2);
    expect(await dataOf(a1, a2, b1, b2)).toEqual([null, 1, null, 3]);
    expect(await store.clear({ all: true }, nowMs)).toBe(2);
    expect(await dataOf(a1, a2, b1, b2)).toEqual([null, null, null, null]);
    expect(await store.clear({ all: true }, nowMs)).toBe(0);
    await fill();
    expect(await dataOf(a1, a2, b1, b2)).toEqual([0, 1, 2, 3]);
  });

  it.each([
    ["all", { all: true }],
    ["the source", { sourceId: keyOf("late").sourceId }],
    ["the indicator", { keys: [keyOf("late")] }],
  ] as const)("does not give what was asked for before %s was cleared, and came after", async (_what, scope) => {
    const key = keyOf("late");
    const [before] = (await store.read([key])) ?? [];
    await store.clear(scope, nowMs);
    await store.write(key, answerOf("old"), before?.generation ?? "");
    expect(await dataOf(key)).toEqual([null]);
    await write(key, answerOf("new"));
    expect(await dataOf(key)).toEqual(["new"]);
  });

  it("cleared twice at once, tells each answer once", async () => {
    const keys = ["1", "2", "3"].map((data) => keyOf("twice", data));
    const scope = { sourceId: keyOf("twice").sourceId };
    for (const key of keys) await write(key, answerOf("there"));
    const removed = await Promise.all([
      store.clear(scope, nowMs),
      store.clear(scope, nowMs),
      store.clear(scope, nowMs),
    ]);
    expect(removed.toSorted((a, b) => a - b)).toEqual([0, 0, 3]);
    expect(await dataOf(...keys)).toEqual([null, null, null]);
  });

  it("says whether it has kept what was written", async () => {
    const key = keyOf("told");
    const [reading] = (await store.read([key])) ?? [];
    expect(await store.write(key, answerOf("found"), reading?.generation ?? "")).toBe(true);
    expect(await store.write(key, answerOf("failure", 0, failure), reading?.generation ?? "")).toBe(false);
    await store.clear({ keys: [key] }, nowMs);
    expect(await store.write(key, answerOf("late"), reading?.generation ?? "")).toBe(false);
  });

  it("lists what is there page by page, source by source, those that stay longest first, and counts", async () => {
    await store.clear({ all: true }, nowMs);
    const sources = ["la", "lb", "lc"];
    for (const slug of sources)
      for (let n = 0; n < 7; n++) await write(keyOf(slug, String(n)), answerOf(`${slug}${n}`, n < 5 ? n : 2));
    const ids = sources.map((slug) => keyOf(slug).sourceId);
    const seen: unknown[] = [];
    for (let after = null; ;) {
      const page = await store.list(ids, after, 4, nowMs);
      seen.push(...page.map(({ answer }) => answer.said.data));
      const last = page.at(-1);
      if (page.length < 4 || !last) break;
      after = { sourceId: last.sourceId, goneAtMs: last.answer.goneAtMs, digest: last.digest } as unknown as null;
    }
    expect(seen).toHaveLength(21);
    expect(new Set(seen).size).toBe(21);
    expect([seen.slice(0, 2), seen[6], seen[7]]).toEqual([["la0", "la1"], "la4", "lb0"]);
    expect(await store.counts(nowMs)).toEqual(new Map(ids.map((id) => [id, 7])));
    const only = await store.list(ids.slice(2), null, 100, nowMs);
    expect(only).toHaveLength(7);
    // Later: what is gone is neither listed nor counted.
    const later = nowMs + 4_200_000 - 1_500;
    expect(await store.list(ids, null, 100, later)).toHaveLength(6);
    expect([...(await store.counts(later)).values()]).toEqual([2, 2, 2]);
  });

  it("says what it uses", async () => {
    const { usedBytes } = await store.usage();
    expect(usedBytes).toBeGreaterThan(0);
    expect(store.trouble()).toBeNull();
  });
});

it("memory holds so many bytes and no more; what is read stays, what is larger than all is not taken", async () => {
  const store = createMemoryStore(100_000);
  const keys = Array.from({ length: 60 }, (_, n) => keyOf("full", String(n)));
  const [first, second] = keys;
  if (!first) throw new Error("no keys");
  for (const key of keys) {
    await store.write(key, answerOf("x".repeat(1_000)), "..");
    await store.read([first]);
    // To ask until when it is kept is no use of it.
    if (second) await store.expiries([second]);
  }
  const kept = ((await store.read(keys)) ?? []).map(({ answer }) => answer !== null);
  expect(kept[0]).toBe(true);
  expect(kept[1]).toBe(false);
  expect(kept.at(-1)).toBe(true);
  const { usedBytes } = await store.usage();
  expect(usedBytes).toBeLessThanOrEqual(100_000);
  await store.write(keyOf("huge"), answerOf("x".repeat(100_000)), "..");
  expect((await store.read([keyOf("huge")]))?.[0]?.answer).toBeNull();
  expect((await store.counts(nowMs)).get(first.sourceId)).toBe(kept.filter(Boolean).length);
});

describe("when Redis drops what it was told of a clearing", () => {
  const open = () => createRedisStore(createRedisDoor(connection), seal, log);
  const key = keyOf("dropped");
  const own = `assay:cache:g:${key.sourceId}`;
  const dataOf = async () => (await open().read([key]))?.[0]?.answer?.said.data ?? null;
  const write = async (data: string, generation?: string) =>
    open().write(key, answerOf(data), generation ?? (await open().read([key]))?.[0]?.generation ?? "");

  it.each([
    ["all", { all: true }, "assay:cache:g:all"],
    ["the source", { sourceId: key.sourceId }, own],
    ["the indicator", { keys: [key] }, `${own}:${key.indicatorDigest}`],
    ["the indicator, and its source's", { keys: [key] }, own],
  ] as const)("a late answer of before it is not kept: %s", async (_what, scope, name) => {
    await raw.flushall();
    const before = (await open().read([key]))?.[0]?.generation;
    await open().clear(scope, nowMs);
    expect(await raw.del(name)).toBe(1);
    expect(await write("late", before)).toBe(false);
    expect(await dataOf()).toBeNull();
    await write("new");
    expect(await dataOf()).toBe("new");
  });

  it.each([
    ["all", { all: true }, "assay:cache:g:all"],
    ["the source", { sourceId: key.sourceId }, own],
  ] as const)("what it could not find to delete does not come back: %s", async (_what, scope, name) => {
    await raw.flushall();
    await write("old");
    await raw.del(`assay:cache:i:${key.sourceId}`, "assay:cache:sources");
    await open().clear(scope, nowMs);
    expect(await raw.exists(`assay:cache:e:${key.sourceId}:${key.digest}`)).toBe(1);
    expect(await raw.del(name)).toBe(1);
    expect(await dataOf()).toBeNull();
  });

  it("what is cleared of one indicator leaves what the source says of others", async () => {
    await raw.flushall();
    await write("stays");
    await open().clear({ keys: [keyOf("dropped", "192.0.2.9")] }, nowMs);
    expect(await dataOf()).toBe("stays");
  });
});

it("until when answers are kept takes little of Redis, however long they and what they are about are", async () => {
  await raw.flushall();
  const store = createRedisStore(createRedisDoor(connection), seal, log);
  const keys = Array.from({ length: 200 }, (_, n) => keyOf("long", `${n} ${"y".repeat(8_000)}`));
  const generation = (await store.read(keys))?.[0]?.generation ?? "";
  for (const key of keys) expect(await store.write(key, answerOf("x".repeat(20_000)), generation)).toBe(true);
  const sentBytes = async () =>
    Number(/total_net_output_bytes:(\d+)/.exec(await connection.client.info("stats"))?.[1] ?? Number.NaN);
  const before = await sentBytes();
  expect((await store.expiries(keys))?.map(timesOf)).toEqual(keys.map(() => timesOf(answerOf(""))));
  expect((await sentBytes()) - before).toBeLessThan(200_000);
});

it("until when answers are kept cannot be said while Redis is away", async () => {
  const gone = await startTestRedis();
  const link = openRedis(gone.url, log);
  const store = createRedisStore(createRedisDoor(link), seal, log);
  await expect.poll(() => store.expiries([keyOf("gone")])).toEqual([null]);
  gone.freeze(true);
  expect(await store.expiries([keyOf("gone")])).toBeNull();
  await gone.stop();
  expect(await store.expiries([keyOf("gone")])).toBeNull();
  link.close();
});

describe("what somebody else wrote into Redis is a miss", () => {
  const key = keyOf("hostile");
  const generation = "all.own.";
  beforeAll(async () => {
    await raw.flushall();
    await raw.mset("assay:cache:g:all", "all", `assay:cache:g:${key.sourceId}`, "own");
  });
  const name = `assay:cache:e:${key.sourceId}:${key.digest}`;
  const open = () => createRedisStore(createRedisDoor(connection), seal, log);
  const genuine = seal.write(key.digest, answerOf("genuine"), generation);
  const isHeadWhole = (text: string): boolean => text.startsWith(genuine.slice(0, genuine.indexOf("\n") + 1));
  it.each<[string, string]>([
    ["nothing", ""],
    ["no JSON", "x".repeat(500)],
    ["an answer without a seal", `${"A".repeat(43)}{}\n{"outcome":"ok"}`],
    ["an answer that was changed", genuine.replace("genuine", "forged!")],
    [
      "an answer under another seal",
      createSeal([{ key: Buffer.alloc(32, 8) }]).write(key.digest, answerOf("forged"), generation),
    ],
    ["the answer of another key", seal.write(keyOf("hostile", "other").digest, answerOf("moved"), generation)],
    ["half an answer", genuine.slice(0, -10)],
    ["an answer from before a clearing", seal.write(key.digest, answerOf("old"), "before..")],
  ])("%s", async (_what, text) => {
    await raw.set(name, text);
    expect(await open().read([key])).toEqual([{ answer: null, generation }]);
    // Of an answer whose head is whole, what came of it behind that is known only to whoever reads all of it.
    expect(await open().expiries([key])).toEqual([isHeadWhole(text) ? expect.anything() : null]);
  });
  it("a list in the place of an answer, and of a generation", async () => {
    await raw.del(name, `assay:cache:g:${key.sourceId}`);
    await raw.lpush(name, "x");
    await raw.lpush(`assay:cache:g:${key.sourceId}`, "x");
    expect(await open().read([key])).toEqual([{ answer: null, generation: "all.." }]);
    expect(await open().expiries([key])).toEqual([null]);
    await raw.set(`assay:cache:g:${key.sourceId}`, "own");
    expect(await open().expiries([key])).toEqual([null]);
    await raw.del(`assay:cache:g:${key.sourceId}`);
    await raw.lpush(`assay:cache:g:${key.sourceId}`, "x");
    expect(await open().write(key, answerOf("under no generation"), "all..")).toBe(false);
    await raw.del(name);
    await raw.set(`assay:cache:g:${key.sourceId}`, "own");
  });
  it("and what Assay wrote is not, under an earlier key of it as well", async () => {
    await raw.set(name, genuine);
    const rotated = createSeal([{ key: Buffer.alloc(32, 9) }, { key: Buffer.alloc(32, 7) }]);
    const store = createRedisStore(createRedisDoor(connection), rotated, log);
    expect((await store.read([key]))?.[0]?.answer?.said.data).toBe("genuine");
    expect((await store.expiries([key]))?.map(timesOf)).toEqual([timesOf(answerOf("genuine"))]);
  });
});
