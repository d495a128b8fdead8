import type { Batch, BatchForecast, BatchInput, Client, Source, SourceInput } from "@assay/contract";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Context } from "../../context.ts";
import { startTestBackend, type TestBackend } from "../../testing.ts";
import { startTestRedis, type TestRedis } from "../../testing-redis.ts";
import { startTestRunner, type TestRunner } from "../../testing-runner.ts";
import type { KeptAnswers } from "../indicators/plan-adder.ts";
import { keptAnswers } from "../lookups/kept-answers.ts";
import type { LeftFor } from "../quotas/quota-forecast.ts";
import { forecastBatch } from "./forecast.ts";

let runner: TestRunner;
let redis: TestRedis;
const backends = new Map<"memory" | "redis", TestBackend>();
beforeAll(async () => {
  [runner, redis] = await Promise.all([startTestRunner("javascript"), startTestRedis()]);
  const settings = { callsPerAddress: 0, callsPerToken: 0, callsPerUser: 0 };
  const shared = { runners: { javascript: [runner.address] }, runnerToken: runner.token, worker: true, settings };
  backends.set("memory", await startTestBackend(shared));
  backends.set("redis", await startTestBackend({ ...shared, redisUrl: redis.url }));
  for (const { backend } of backends.values())
    await vi.waitFor(() => expect(backend.runners.statuses()[0]?.state).toBe("serving"), 20_000);
});
afterAll(async () => {
  for (const backend of backends.values()) await backend.close();
  await runner.close();
  await redis.stop();
});

const hour = { foundSeconds: 3_600, notFoundSeconds: 3_600, failedSeconds: 0, staleSeconds: 0 };
const hosts = (count: number, word = "host"): string[] =>
  Array.from({ length: count }, (_, i) => `${word}-${i}.example.org`);

describe.each(["memory", "redis"] as const)("with the cache in %s, the forecast of a batch", (driver) => {
  let backend: TestBackend;
  let client: Client;
  let providerId: string;
  beforeAll(async () => {
    backend = backends.get(driver) as TestBackend;
    client = backend.client(await backend.token());
    providerId = (await client.providers.create({ body: { name: "Us" } })).id;
    await vi.waitFor(() => expect(backend.backend.cache.store.trouble()).toBeNull(), 20_000);
  });
  const newSource = async (name: string, changes: Partial<SourceInput> = {}): Promise<Source> => {
    const code = `export const fetchData = ({ data }) => ({ data });`;
    const kinds = { supportedIndicators: ["DOMAIN" as const], exposure: "local" as const };
    const language = "JAVASCRIPT" as const;
    const body = { name, code, providerId, language, ...kinds, cacheLifetimes: hour, ...changes };
    return client.sources.create({ body });
  };
  const make = (indicators: string[], sources: readonly Source[], input: Partial<BatchInput> = {}): Promise<Batch> =>
    client.batches.create({ body: { indicators, sourceIds: sources.map(({ id }) => id), start: false, ...input } });
  const forecast = ({ id }: Batch): Promise<BatchForecast> => client.batches.forecast({ params: { id } });
  const get = ({ id }: Batch): Promise<Batch> => client.batches.get({ params: { id } });
  const run = async (batch: Batch): Promise<void> => {
    await client.batches.start({ params: { id: batch.id } });
    await expect.poll(async () => (await get(batch)).status).toBe("completed");
  };
  /** A known-good list, once it is heeded. */
  const listOf = async (value: string, global: boolean): Promise<string> => {
    const { id } = await client.ignoreLists.create({ body: { name: value, global } });
    await client.ignoreLists.addEntries({ params: { id }, body: { entries: [{ type: "hostname", value }] } });
    const held = async () => (await client.ignoreLists.match({ body: { data: value } })).matches.length;
    await expect.poll(held).toBe(1);
    return id;
  };
  const bySource = ({ sources }: BatchForecast) =>
    Object.fromEntries(sources.map(({ source, lookups, cached }) => [source.name, { lookups, cached }]));
  /** The tools of the API, as far as a forecast needs them. */
  const tools = () => {
    const { lookups, registry, cache, secrets, clock } = backend.backend;
    const kept: KeptAnswers = (plans, tlp = "CLEAR") => keptAnswers(cache, plans, tlp, clock.now().getTime());
    const left: LeftFor = (sources, callerClass) => secrets.quotas.peek(sources, callerClass, secrets.store);
    return { lookups, registry, kept, left };
  };
  const contextOf = (signal: AbortSignal): Context => {
    const { db, clock, log } = backend.backend;
    return { db, clock, log, signal, actor: { type: "system" }, origin: null };
  };

  test("says of some thousands what is ignored, what is cached, and what would be asked of what is left", async () => {
    const judge = await newSource("Judge", { quota: [{ limit: 2_500, per: "day" }] });
    await run(await make(hosts(800), [judge]));
    const list = await listOf("ours.example.net", true);
    const batch = await make([...hosts(3_000), "ours.example.net", "a.ours.example.net"], [judge]);
    const told = await forecast(batch);
    expect(told).toEqual({
      text: "3,002 indicators, 2 ignored, 800 cached, 2,200 calls to Judge of 2,500 left today",
      ...{ lookups: 3_000, ignored: 2, cached: 800, calls: 2_200, unasked: 0, seen: { days: 7, count: 800 } },
      sources: [
        {
          source: expect.objectContaining({ id: judge.id }),
          ...{ lookups: 2_200, calls: 2_200, cached: 800 },
          quota: { left: 2_500, limit: 2_500, per: "day", secretId: null, waitMs: 0 },
        },
      ],
    });
    const plan = await client.indicators.plan({ body: { indicators: hosts(3_000), sourceIds: [judge.id] } });
    expect([plan.cached, plan.calls, plan.unasked]).toEqual([told.cached, told.calls, told.unasked]);
    // As of now: what is cleared is to be asked again.
    await client.cache.clear({ query: { sourceId: judge.id, data: "host-7.example.org" } });
    expect(await forecast(batch)).toMatchObject({ cached: 799, calls: 2_201 });
    await client.ignoreLists.delete({ params: { id: list } });
  });

  test("tells each source apart: what is cached of one is asked of another, and one that would not be asked is left out", async () => {
    const [cached, fresh] = [await newSource("Cached"), await newSource("Fresh", { cacheEnabled: false })];
    const off = await newSource("Off", { enabled: false });
    const low = await newSource("Low", { maxTlp: "GREEN" });
    await run(await make(hosts(3, "apart"), [cached]));
    const both = await make([...hosts(5, "apart"), "8.8.8.8"], [cached, fresh, off, low], { tlp: "AMBER" });
    const told = await forecast(both);
    expect(bySource(told)).toEqual({ Cached: { lookups: 2, cached: 3 }, Fresh: { lookups: 5, cached: 0 } });
    // Whatever is asked of one source is not cached, and what nobody takes is asked of none.
    expect(told).toMatchObject({ lookups: 6, cached: 0, calls: 7, unasked: 1 });
    await client.sources.delete({ params: { id: fresh.id } });
    await expect.poll(() => backend.backend.registry.get(fresh.id)).toBeUndefined();
    expect(await forecast(both)).toMatchObject({ cached: 3, calls: 2, unasked: 1 });
    expect(bySource(await forecast(both))).toEqual({ Cached: { lookups: 2, cached: 3 } });
  });

  test("heeds ignore lists as they are now, those that are tied to a source for that one alone", async () => {
    const [tied, other] = [await newSource("Tied"), await newSource("Other")];
    const batch = await make(["one.example", "all.example", "free.example"], [tied, other]);
    const held = await listOf("one.example", false);
    await client.ignoreLists.tieSources({ params: { id: held }, body: { sourceIds: [tied.id] } });
    const lists = [held, await listOf("all.example", true)];
    await expect
      .poll(() => forecast(batch))
      .toMatchObject({
        text: "3 indicators, 1 ignored, 3 calls to 2 sources",
        ...{ lookups: 2, ignored: 1, unasked: 0 },
      });
    expect(bySource(await forecast(batch))).toEqual({
      Tied: { lookups: 1, cached: 0 },
      Other: { lookups: 2, cached: 0 },
    });
    for (const id of lists) await client.ignoreLists.delete({ params: { id } });
  });

  test("counts what is stale as cached, but not under TLP:RED, which takes nothing that is", async () => {
    const stale = await newSource("Stale", {
      maxTlp: "RED",
      cacheLifetimes: { ...hour, foundSeconds: 1, staleSeconds: 3_600 },
    });
    await run(await make(["stale.example"], [stale]));
    const red = await make(["stale.example"], [stale], { tlp: "RED" });
    await expect.poll(() => forecast(red)).toMatchObject({ cached: 0, calls: 1 });
    expect(await forecast(await make(["stale.example"], [stale]))).toMatchObject({ cached: 1, calls: 0 });
  });

  test("is about what is left of one that has begun, and about nothing once it has ended", async () => {
    const slow = await newSource("Slow", { cacheEnabled: false });
    await client.config.update({ body: { batchLookupsAtOnce: 1 } });
    const batch = await make(hosts(3_000, "begun"), [slow]);
    await client.batches.start({ params: { id: batch.id } });
    await expect.poll(async () => (await get(batch)).counts.done).toBeGreaterThan(0);
    await client.batches.pause({ params: { id: batch.id } });
    await expect.poll(async () => (await get(batch)).counts.running).toBe(0);
    const { waiting } = (await get(batch)).counts;
    expect(waiting).toBeGreaterThan(0);
    expect(waiting).toBeLessThan(3_000);
    const calls = { lookups: waiting, calls: waiting, cached: 0 };
    const number = waiting.toLocaleString("en");
    const text = `${number} indicators to go, ${number} calls to Slow`;
    expect(await forecast(batch)).toMatchObject({ ...calls, text, sources: [calls] });
    await client.batches.cancel({ params: { id: batch.id } });
    expect(await forecast(batch)).toMatchObject({ text: "0 indicators to go, no calls", lookups: 0, sources: [] });
    await client.config.update({ body: { batchLookupsAtOnce: 32 } });
  });

  test("is made for many at once, in turn, and other calls are answered meanwhile", async () => {
    const busy = await newSource("Busy");
    const batch = await make(hosts(10_000, "busy"), [busy]);
    const made = new Set<number>();
    const many = Array.from({ length: 6 }, (_, at) => forecast(batch).finally(() => made.add(at)));
    let answeredMeanwhile = 0;
    while (made.size < many.length) {
      await get(batch);
      if (made.size > 0 && made.size < many.length) answeredMeanwhile++;
    }
    expect(answeredMeanwhile).toBeGreaterThan(0);
    for (const told of await Promise.all(many))
      expect(told).toMatchObject({ lookups: 10_000, cached: 0, calls: 10_000 });
  });

  test("ends when whoever asked for it is gone, and asks the cache no further", async () => {
    const gone = await newSource("Gone");
    const { id } = await make(hosts(3_000, "gone"), [gone], { visibility: "everyone" });
    const leaving = new AbortController();
    let readings = 0;
    const { kept, ...rest } = tools();
    const leaveAfterOne: KeptAnswers = async (...asked) => {
      readings++;
      leaving.abort(new Error("gone"));
      return kept(...asked);
    };
    const context = contextOf(leaving.signal);
    await expect(forecastBatch(context, { ...rest, kept: leaveAfterOne }, id)).rejects.toThrow("gone");
    expect(readings).toBe(1);
    expect(await forecastBatch(contextOf(new AbortController().signal), tools(), id)).toMatchObject({ lookups: 3_000 });
  });

  test("reads of the cache a bounded part at a time, however many sources there are", async () => {
    const sources: Source[] = [];
    for (let n = 0; n < 7; n++) sources.push(await newSource(`One of many ${n}`));
    const { id } = await make(hosts(1_500, "parts"), sources, { visibility: "everyone" });
    const sizes: number[] = [];
    const { kept, ...rest } = tools();
    const measured: KeptAnswers = (plans, tlp) => {
      sizes.push(plans.reduce((sum, { planned }) => sum + planned.length, 0));
      return kept(plans, tlp);
    };
    await forecastBatch(contextOf(new AbortController().signal), { ...rest, kept: measured }, id);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(1_500 * sources.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(500);
  });

  if (driver === "redis")
    test.each([
      ["does not answer", () => redis.freeze(true), () => redis.freeze(false)],
      ["is away", () => redis.stop(), () => redis.start()],
    ] as const)("says that the cache could not be read while Redis %s", async (_how, leave, comeBack) => {
      const away = await newSource("Away");
      await run(await make(hosts(3, "away"), [away]));
      const batch = await make(hosts(2_000, "away"), [away]);
      expect(await forecast(batch)).toMatchObject({ cached: 3, calls: 1_997 });
      await leave();
      const told = await forecast(batch);
      expect(told).toMatchObject({
        text: "2,000 indicators, at the most 2,000 calls to Away, as the cache could not be read",
        ...{ lookups: 2_000, cached: null, calls: 2_000, seen: { count: 3 } },
      });
      expect(bySource(told)).toEqual({ Away: { lookups: 2_000, cached: null } });
      const body = { indicators: hosts(5, "away"), sourceIds: [away.id] };
      expect(await client.indicators.plan({ body })).toMatchObject({ cached: null, calls: 5 });
      await comeBack();
      await expect.poll(async () => (await forecast(batch)).cached).not.toBeNull();
    });
});
