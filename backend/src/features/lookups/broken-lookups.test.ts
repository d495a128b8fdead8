import type { Client } from "@assay/contract";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { newId } from "../../ids.ts";
import { type ServedBackend, startServedBackend } from "../../testing-served.ts";
import type { AnswerCache } from "../cache/answer-cache.ts";
import type { Quotas } from "../quotas/quotas.ts";
import { testSource } from "./fixtures.ts";
import { createLookups, type Lookups, type LookupsOptions } from "./lookups.ts";
import { createRevalidation } from "./revalidation.ts";

let backend: ServedBackend;
let client: Client;
/** Its answers are kept. */
let kept: string;
/** Its answers are not, and nobody looks for them. */
let plain: string;
beforeAll(async () => {
  backend = await startServedBackend();
  client = backend.client(await backend.token());
  const provider = await client.providers.create({ body: { name: "Broken" } });
  const create = async (name: string, cacheEnabled: boolean): Promise<string> => {
    const code = "export const fetchData = () => ({ data: 1 });";
    const own = {
      name,
      code,
      cacheEnabled,
      providerId: provider.id,
      language: "JAVASCRIPT",
      exposure: "local",
    } as const;
    const cacheLifetimes = { foundSeconds: 3_600, notFoundSeconds: 0, failedSeconds: 0, staleSeconds: 0 };
    const body = { ...own, cacheLifetimes, supportedIndicators: ["IPV4" as const] };
    return (await client.sources.create({ body })).id;
  };
  [kept, plain] = [await create("Kept", true), await create("Plain", false)];
});
afterAll(() => backend.close());

const logged: { lookup?: string; err?: Error }[] = [];
beforeEach(() => void (logged.length = 0));
let address = 0;

/** The lookups of a node on the same database of which a part is broken. */
async function withBroken(broken: (parts: Pick<LookupsOptions, "cache" | "quotas" | "runners" | "secrets">) => object) {
  const { db, registry, runners, secrets, ignoreLists, cache, decisions, settings, log, clock } = backend.backend;
  const whole = { cache, quotas: secrets.quotas, runners, secrets: secrets.store };
  const told = Object.create(log, { error: { value: (entry: object) => logged.push(entry) } }) as typeof log;
  const rest = { db, registry, ignoreLists, decisions, config: settings, log: told, clock, node: newId() };
  return createLookups({ ...rest, ...whole, ...broken(whole) });
}
const start = (lookups: Lookups, sourceIds: string[], data = `192.0.2.${++address}`) =>
  lookups.start({ data, sourceIds, deadlineMs: 60_000 }, { userId: backend.admin.id, callerClass: "api" });
/** What is in the database of it once it has left memory. */
async function ended(lookups: Lookups, lookup: ReturnType<typeof start>) {
  await lookups.settled(lookup, 60_000);
  expect(lookups.live(lookup.request.id)).toBeUndefined();
  const { status, answers } = await client.requests.get({ params: { id: lookup.request.id } });
  const byName = answers.map(({ source, outcome, problems }) => [source.name, outcome, problems[0]?.code ?? null]);
  return { status, answers: byName.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)) };
}

const reject = () => Promise.reject(new Error("broken for the test"));
const fail = (): never => {
  throw new Error("broken for the test");
};
const internal = [
  ["Kept", "failed", "INTERNAL"],
  ["Plain", "failed", "INTERNAL"],
];
const onlyKept = [
  ["Kept", "failed", "INTERNAL"],
  ["Plain", "ok", null],
];
const ok = [
  ["Kept", "ok", null],
  ["Plain", "ok", null],
];
const cacheOf = (cache: AnswerCache, store: object, others: object = {}) => ({
  cache: { ...cache, ...others, store: { ...cache.store, ...store } },
});

test.each<[string, Parameters<typeof withBroken>[0], readonly unknown[]]>([
  ["the cache cannot be read", ({ cache }) => cacheOf(cache, { read: reject }), internal],
  ["it throws at once", ({ cache }) => cacheOf(cache, { read: fail }), internal],
  [
    "it cannot be read while others are being asked",
    ({ cache }) => cacheOf(cache, { read: reject }, { isShared: true, takeLeases: async () => [] }),
    onlyKept,
  ],
  ["no lease can be had", ({ cache }) => cacheOf(cache, {}, { isShared: true, takeLeases: reject }), onlyKept],
  ["quotas cannot be reserved", ({ quotas }) => ({ quotas: { ...quotas, admit: reject } }), internal],
  [
    "they break while a source waits for its turn",
    ({ quotas }) => ({ quotas: { ...quotas, admit: breakLater(quotas) } }),
    onlyKept,
  ],
  ["they cannot be settled, which no answer is lost by", ({ quotas }) => ({ quotas: { ...quotas, settle: fail } }), ok],
  ["nor by a use of secrets that is not noted", ({ secrets }) => ({ secrets: having(secrets, { note: fail }) }), ok],
  ["runners cannot be looked for", ({ runners }) => ({ runners: { ...runners, acquire: reject } }), internal],
])("a lookup ends, and is recorded, where Assay breaks: %s", async (_what, broken, answers) => {
  const lookups = await withBroken(broken);
  const lookup = start(lookups, [kept, plain]);
  expect(await ended(lookups, lookup)).toEqual({ status: "completed", answers });
  expect(logged.length).toBeGreaterThan(0);
  for (const { lookup: id, err } of logged) {
    expect(id).toBe(lookup.request.id);
    expect(err?.message).toBe("broken for the test");
  }
  await lookups.close();
});

function having<Part extends object>(part: Part, changes: Partial<Part>): Part {
  return { ...part, ...changes };
}

/** The first source that keeps its answers waits, and then its turn breaks. */
function breakLater({ admit }: Quotas): Quotas["admit"] {
  return async (sources, ...given) => {
    const waiting = sources.filter(({ snapshot }) => snapshot.name === "Kept");
    const others = await admit(
      sources.filter((source) => !waiting.includes(source)),
      ...given,
    );
    return [...waiting.map((source) => ({ source, at: "turn" as const, outcome: reject() })), ...others];
  };
}

test("whoever waits for the same answer makes the call, when the lookup that was to make it breaks", async () => {
  const waits = Promise.withResolvers<void>();
  let isBroken = true;
  const takeLeases: AnswerCache["takeLeases"] = async (keys) => {
    if (!isBroken) return keys.map(() => null);
    isBroken = false;
    await waits.promise;
    return reject();
  };
  const lookups = await withBroken(({ cache }) => {
    const join: AnswerCache["join"] = (...given) => {
      const seat = cache.join(...given);
      if (seat.role === "follower") waits.resolve();
      return seat;
    };
    return cacheOf(cache, {}, { isShared: true, takeLeases, join });
  });
  const [first, second] = [start(lookups, [kept], "192.0.2.250"), start(lookups, [kept], "192.0.2.250")];
  expect((await ended(lookups, first)).answers).toEqual([["Kept", "failed", "INTERNAL"]]);
  expect((await ended(lookups, second)).answers).toEqual([["Kept", "ok", null]]);
  await lookups.close();
});

test("what breaks while a stale answer is asked for anew leaves room for the next time", async () => {
  const { runners, secrets, cache, log } = backend.backend;
  const because = start(backend.backend.lookups, [plain]);
  await backend.backend.lookups.settled(because, 60_000);
  const source = testSource("stale");
  let [reads, nowMs] = [0, Date.now()];
  const read = () => (reads++, reject());
  const revalidation = createRevalidation({
    runners,
    secrets: secrets.store,
    quotas: secrets.quotas,
    ...cacheOf(cache, { read }),
    log: Object.create(log, { error: { value: (entry: object) => logged.push(entry) } }) as typeof log,
    clock: { now: () => new Date(nowMs) },
  });
  await expect
    .poll(() => {
      nowMs += 61_000;
      revalidation.start(source, because);
      return reads;
    })
    .toBeGreaterThan(2);
  await revalidation.close();
  expect(logged.every(({ err }) => err?.message === "broken for the test")).toBe(true);
});
