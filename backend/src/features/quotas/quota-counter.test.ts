import fc from "fast-check";
import { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTestRedis, type TestRedis } from "../../testing-redis.ts";
import { createMemoryCounter } from "./memory-counter.ts";
import type { QuotaAsk, QuotaCounter, QuotaRule } from "./quota-counter.ts";
import type { QuotaState } from "./quota-rules.ts";
import { quotaScript } from "./quota-script.ts";
import { createRedisCounter } from "./redis-counter.ts";

let server: TestRedis;
let client: Redis;
beforeAll(async () => {
  server = await startTestRedis();
  client = new Redis(server.url);
});
afterAll(async () => {
  client.disconnect();
  await server.stop();
});

const startMs = Date.parse("2026-01-01T00:00:00.000Z");
let nowMs = startMs;
let counter: QuotaCounter;
/** The script with a clock that the test moves. */
const clockScript = quotaScript.replace("redis.call('TIME')", "{ 0, redis.call('GET', 'test:now') * 1000 }");
const drivers: Record<string, () => QuotaCounter> = {
  memory: () => createMemoryCounter({ clock: { now: () => new Date(nowMs) } }),
  Redis: () => createRedisCounter({ client, restore: async () => undefined, script: clockScript }),
};
async function setTime(ms: number): Promise<void> {
  nowMs = ms;
  await client.set("test:now", ms);
}

const minuteMs = 60_000;
const rule = (
  subject: string,
  windows: readonly (readonly [perMs: number, limit: number, kept?: number])[],
): QuotaRule => ({
  subject,
  windows: windows.map(([perMs, limit, kept = 0]) => ({ perMs, limit, kept })),
});
const ask = (changes: Partial<QuotaAsk> = {}): QuotaAsk => ({
  cost: 1,
  isPerson: true,
  isFree: false,
  holdMs: 10_000,
  slots: [{ required: true, rules: [0] }],
  own: -1,
  ...changes,
});
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

describe.each(Object.keys(drivers))("counted in %s", (driver) => {
  beforeEach(async () => {
    await client.flushall();
    await setTime(startMs);
    counter = drivers[driver]?.() ?? expect.unreachable();
  });
  const granted = async (rules: QuotaRule[], asks: QuotaAsk[]) =>
    (await counter.reserve(rules, asks)).filter(({ ok }) => ok).length;

  test("all windows hold at once, and a refused ask takes from none", async () => {
    const rules = [
      rule("secret:a", [
        [minuteMs, 4],
        [86_400_000, 6],
      ]),
    ];
    expect(await granted(rules, times(64, ask()))).toBe(4);
    expect((await counter.peek(rules))[0]?.map(({ left }) => left)).toEqual([0, 2]);
    await setTime(startMs + 2 * minuteMs);
    expect(await granted(rules, times(64, ask()))).toBe(2);
    const [refused] = await counter.reserve(rules, [ask()]);
    expect(refused).toMatchObject({ ok: false, slot: 0, because: "limit" });
    const waitMs = refused && !refused.ok ? refused.waitMs : 0;
    await setTime(nowMs + waitMs);
    expect(await granted(rules, [ask()])).toBe(1);
  });

  test("a call counts from when it was over, so that a slow one is not forgotten too early", async () => {
    const rules = [rule("secret:a", [[minuteMs, 1]])];
    const [first] = await counter.reserve(rules, [ask({ holdMs: 30_000 })]);
    await setTime(startMs + 20_000);
    const heldUntilMs = first?.ok ? first.heldUntilMs : 0;
    await counter.settle([{ rule: rules[0] ?? expect.unreachable(), heldUntilMs, held: 1, used: 1, told: [] }]);
    await setTime(startMs + 70_000);
    expect(await granted(rules, [ask()])).toBe(0);
    await setTime(startMs + 82_000);
    expect(await granted(rules, [ask()])).toBe(1);
  });

  test("what was not used is given back, what was used beyond it is counted", async () => {
    const rules = [rule("secret:a", [[minuteMs, 10]])];
    const [first, second] = await counter.reserve(rules, [ask(), ask()]);
    const settle = (decision: typeof first, used: number) =>
      counter.settle([
        {
          rule: rules[0] ?? expect.unreachable(),
          heldUntilMs: decision?.ok ? decision.heldUntilMs : 0,
          held: 1,
          used,
          told: [],
        },
      ]);
    await settle(first, 0);
    expect(await counter.peek(rules)).toMatchObject([[{ left: 9 }]]);
    await settle(second, 5);
    expect(await counter.peek(rules)).toMatchObject([[{ left: 5 }]]);
  });

  test("the reserve is for people; others are told that there is something left, for others", async () => {
    const rules = [rule("secret:a", [[minuteMs, 4, 1]])];
    expect(await granted(rules, times(8, ask({ isPerson: false })))).toBe(3);
    expect(await counter.reserve(rules, [ask({ isPerson: false })])).toMatchObject([{ ok: false, because: "reserve" }]);
    expect(await granted(rules, times(8, ask()))).toBe(1);
    expect(await counter.reserve(rules, [ask({ isPerson: false })])).toMatchObject([{ ok: false, because: "limit" }]);
  });

  test("the next of a pool is used when one is spent; two slots are filled both or none", async () => {
    const pool = [rule("secret:a", [[minuteMs, 1]]), rule("secret:b", [[minuteMs, 2]]), rule("secret:c", [])];
    const one = ask({ slots: [{ required: true, rules: [0, 1] }] });
    const chosen = (await counter.reserve(pool, times(4, one))).map((decision) => decision.ok && decision.chosen);
    expect(chosen).toEqual([[0, -1], [1, -1], [1, -1], false]);
    const both = ask({
      slots: [
        { required: true, rules: [2] },
        { required: true, rules: [1] },
      ],
    });
    expect(await counter.reserve(pool, [both])).toMatchObject([{ ok: false, slot: 1 }]);
  });

  test("an optional slot stays empty when its secrets are spent, and then the source's own quota holds", async () => {
    const rules = [rule("secret:a", [[minuteMs, 1]]), rule("source:s", [[minuteMs, 1]])];
    const optional = ask({ slots: [{ required: false, rules: [0] }], own: 1 });
    const decisions = await counter.reserve(rules, times(3, optional));
    expect(decisions).toMatchObject([
      { ok: true, chosen: [0, -1] },
      { ok: true, chosen: [-1, 1] },
      { ok: false, slot: 1 },
    ]);
  });

  test("what the upstream says lowers what is left until its first reset, and never raises it", async () => {
    const rules = [rule("secret:a", [[minuteMs, 10]])];
    const tell = async (left: number, resetsInMs: number) => {
      const [decision] = await counter.reserve(rules, [ask({ isFree: true })]);
      const heldUntilMs = decision?.ok ? decision.heldUntilMs : 0;
      const told = [{ perMs: minuteMs, left, resetsInMs }];
      await counter.settle([{ rule: rules[0] ?? expect.unreachable(), heldUntilMs, held: 1, used: 1, told }]);
      return (await counter.peek(rules))[0]?.[0];
    };
    expect(await tell(1000, 30_000)).toMatchObject({ left: 9 });
    expect(await tell(3, 30_000)).toMatchObject({ left: 3 });
    expect(await tell(900, 30_000)).toMatchObject({ left: 2 });
    expect(await tell(0, 3_000_000)).toEqual({ left: 0, waitMs: 30_000 });
    expect(await granted(rules, [ask()])).toBe(0);
    await setTime(startMs + 30_000);
    expect(await counter.peek(rules)).toMatchObject([[{ left: 6 }]]);
    expect(await tell(0, 60_000)).toMatchObject({ left: 0 });
    await counter.forgetTold("secret:a");
    expect(await counter.peek(rules)).toMatchObject([[{ left: 5 }]]);
  });

  test("an ask that could never be granted says so; one that costs more than a limit takes all of it", async () => {
    const rules = [rule("secret:a", [[minuteMs, 2, 2]])];
    expect(await counter.reserve(rules, [ask({ isPerson: false })])).toMatchObject([{ ok: false, waitMs: -1 }]);
    expect(await granted(rules, times(2, ask({ cost: 5 })))).toBe(1);
  });
});

/** A lookup in the eyes of the upstream: it calls at some time between its start and its end. */
const step = fc.oneof(
  // Mostly close to the edges of windows and their buckets.
  fc.record({
    do: fc.constant("pass" as const),
    ms: fc.oneof(
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 1500 }) },
      { weight: 3, arbitrary: fc.constantFrom(1, 16, 67, 984, 985, 990, 999, 3934, 3999) },
    ),
  }),
  fc.record({
    do: fc.constant("ask" as const),
    isPerson: fc.boolean(),
    cost: fc.integer({ min: 1, max: 3 }),
    holdMs: fc.integer({ min: 0, max: 900 }),
    /** Ends at once, with all of its calls made. */
    isQuick: fc.boolean(),
    pool: fc.constantFrom([0], [1], [0, 1], [1, 0]),
  }),
  fc.record({
    do: fc.constant("end" as const),
    nth: fc.nat(),
    used: fc.boolean(),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
);

test("no interleaving of asks, ends, crashes and time exceeds a quota, and memory and Redis decide alike", async () => {
  const rules = [
    rule("secret:a", [
      [1000, 3, 1],
      [4000, 5],
    ]),
    rule("secret:b", [[1000, 2]]),
  ];
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
      await client.flushall();
      await setTime(startMs);
      const [memory, redis] = [drivers["memory"]?.(), drivers["Redis"]?.()];
      if (!memory || !redis) expect.unreachable();
      const calls: { subject: number; atMs: number }[] = [];
      let open: { subject: number; cost: number; fromMs: number; heldUntilMs: number }[] = [];
      const call = ({ subject, cost, fromMs }: (typeof open)[number], untilMs: number, share: number): void => {
        for (let nth = 0; nth < cost; nth++)
          calls.push({ subject, atMs: fromMs + Math.floor((untilMs - fromMs) * share) });
      };
      const end = async (ended: (typeof open)[number], isUsed: boolean, share: number): Promise<void> => {
        if (isUsed) call(ended, nowMs, share);
        const { subject, cost, heldUntilMs } = ended;
        const rule = rules[subject] ?? expect.unreachable();
        const settlement = { rule, heldUntilMs, held: cost, used: isUsed ? cost : 0, told: [] };
        await memory.settle([settlement]);
        await redis.settle([settlement]);
      };
      for (const each of steps) {
        if (each.do === "pass") {
          await setTime(nowMs + each.ms);
          // Whoever is not settled by then may have died, and called at the last moment.
          for (const dead of open.filter(({ heldUntilMs }) => heldUntilMs < nowMs)) call(dead, dead.heldUntilMs, 1);
          open = open.filter(({ heldUntilMs }) => heldUntilMs >= nowMs);
        } else if (each.do === "ask") {
          const { isPerson, cost, holdMs, pool } = each;
          const wanted = ask({ isPerson, cost, holdMs, slots: [{ required: true, rules: pool }] });
          const [decision] = await memory.reserve(rules, [wanted]);
          expect(await redis.reserve(rules, [wanted])).toEqual([decision]);
          const subject = decision?.ok ? decision.chosen[0] : undefined;
          if (!decision?.ok || subject === undefined) continue;
          const held = subject === 1 ? Math.min(cost, 2) : cost;
          const asked = { subject, cost: held, fromMs: nowMs, heldUntilMs: decision.heldUntilMs };
          if (each.isQuick) await end(asked, true, 1);
          else open.push(asked);
        } else if (open.length > 0) {
          const [ended] = open.splice(each.nth % open.length, 1);
          if (ended) await end(ended, each.used, each.at);
        }
        expect(await redis.peek(rules)).toEqual(await memory.peek(rules));
      }
      for (const dead of open) call(dead, dead.heldUntilMs, 1);
      for (const [subject, { windows }] of rules.entries())
        for (const { perMs, limit } of windows)
          for (const { atMs: end } of calls) {
            const within = calls.filter(
              (each) => each.subject === subject && each.atMs > end - perMs && each.atMs <= end,
            );
            expect(within.length).toBeLessThanOrEqual(limit);
          }
    }),
    { numRuns: 150 },
  );
});

test("a Redis that lost its memory is told again what is known, once, and decides only then", async () => {
  await setTime(startMs);
  const kept = new Map<string, QuotaState>();
  const own = createRedisCounter({ client, restore: async (subject) => kept.get(subject), script: clockScript });
  const rules = [rule("secret:a", [[minuteMs, 5]])];
  await client.flushall();
  await setTime(startMs);
  const decisions = await own.reserve(rules, times(3, ask()));
  const heldUntilMs = decisions[0]?.ok ? decisions[0].heldUntilMs : 0;
  const told = [{ perMs: minuteMs, left: 0, resetsInMs: 5000 }];
  await own.settle([{ rule: rules[0] ?? expect.unreachable(), heldUntilMs, held: 1, used: 1, told }]);
  kept.set("secret:a", (await own.snapshot("secret:a")) ?? expect.unreachable());
  await client.flushall();
  await setTime(startMs);
  // Settled before it was told: counted with what is told, so once too often rather than not at all.
  const late = decisions[1]?.ok ? decisions[1].heldUntilMs : 0;
  await own.settle([{ rule: rules[0] ?? expect.unreachable(), heldUntilMs: late, held: 1, used: 1, told: [] }]);
  expect(await own.snapshot("secret:a")).toBeUndefined();
  expect(await own.peek(rules)).toMatchObject([[{ left: 0, waitMs: 5000 }]]);
  await setTime(startMs + 6000);
  expect((await own.reserve(rules, times(3, ask()))).map(({ ok }) => ok)).toEqual([true, false, false]);
});

test("clients of one real Redis, by its own clock, together get exactly what is left", async () => {
  await client.flushall();
  const clients = Array.from({ length: 8 }, () => new Redis(server.url));
  const rules = [
    rule("secret:a", [
      [minuteMs, 4],
      [86_400_000, 500],
    ]),
  ];
  const decisions = await Promise.all(
    Array.from({ length: 64 }, (_, nth) => {
      const own = createRedisCounter({ client: clients[nth % 8] ?? client, restore: async () => undefined });
      return own.reserve(rules, [ask({ isPerson: false })]);
    }),
  );
  expect(decisions.flat().filter(({ ok }) => ok)).toHaveLength(4);
  expect(await client.keys("*")).toEqual(["assay:quota:secret:a"]);
  for (const each of clients) each.disconnect();
});
