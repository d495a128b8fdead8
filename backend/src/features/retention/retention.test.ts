import type { Client, ServerConfig } from "@assay/contract";
import { ServerConfig as Settings } from "@assay/contract";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type Context, systemClock } from "../../context.ts";
import { newId } from "../../ids.ts";
import { startTestBackend, type TestBackend } from "../../testing.ts";
import { testAnswer } from "../lookups/fixtures.ts";
import { insertLookup } from "./fixtures.ts";
import { deleteAnswersSql, deleteLookupsSql } from "./queries.ts";
import { getRetention, pruneLookups } from "./service.ts";

/** Lookups, one every five minutes, that reach 104 days back, with two answers each: one that knows it, one that failed. */
const crowd = 30_000;
const lookupsADay = 288;

let backend: TestBackend;
let client: Client;
beforeAll(async () => {
  backend = await startTestBackend();
  client = backend.client(await backend.token());
});
beforeEach(async () => {
  await backend.db.pool.query("TRUNCATE requests, source_requests, batches, batch_items");
});
afterAll(() => backend.close());

const settings = (given: Partial<ServerConfig>): ServerConfig => Settings.parse(given);
const context = (signal = AbortSignal.timeout(60_000)): Context => ({
  db: backend.db,
  clock: systemClock,
  log: backend.backend.log,
  actor: { type: "system" },
  origin: null,
  signal,
});
const prune = (given: Partial<ServerConfig>) => pruneLookups(context(), settings(given));
const count = async (
  table: "requests" | "source_requests" | "batches" | "batch_items",
  where = "true",
): Promise<number> =>
  (await backend.db.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table} WHERE ${where}`)).rows[0]?.n ??
  -1;

async function insertCrowd(lookups: number): Promise<void> {
  const { pool } = backend.db;
  await pool.query(
    `INSERT INTO requests (id, data, kind, status, tlp, pap, visibility, deadline_at, created_at, completed_at, user_id, trace_id, verdict, summary, plan, node)
     SELECT lpad(n::text, 12, '0'), 'host' || n || '.test', 'DOMAIN', 'completed', 'GREEN', 'CLEAR', CASE n % 2 WHEN 0 THEN 'everyone' ELSE 'private' END,
            t, t, t, 'crowd0000000', '', 'unknown', '{}', '[]', ''
     FROM generate_series(1, ${lookups}) n, LATERAL (SELECT now() - n * interval '5 minutes' AS t) x`,
  );
  await pool.query(
    `INSERT INTO source_requests (id, request_id, sequence, outcome, verdict, answer, created_at)
     SELECT r.id || k, r.id, k, CASE k WHEN 0 THEN 'ok' ELSE 'failed' END, 'none', $1, r.created_at FROM requests r, generate_series(0, 1) k`,
    [JSON.stringify(testAnswer("crowd"))],
  );
  await pool.query("ANALYZE requests, source_requests");
}

/** The plan of a statement that is then taken back. */
async function planOf(sql: string, values: readonly unknown[]): Promise<string> {
  const { rows } = await backend.db.pool.query<{ "QUERY PLAN": string }>(`EXPLAIN ${sql}`, [...values]);
  return rows.map((row) => row["QUERY PLAN"]).join("\n");
}

it("keeps everything for ever unless a setting says otherwise", async () => {
  await insertLookup(backend.db.pool, { id: newId(), ageDays: 5_000, answers: ["ok", "skipped"] });
  expect(await prune({})).toEqual({ lookups: 0, answers: 0, batches: 0, bytes: 0 });
  expect(await count("source_requests")).toBe(2);
});

it("deletes thousands of old rows by index, none that is younger, and tells beforehand what it will delete", async () => {
  await insertCrowd(crowd);
  const now = new Date();
  const [before, quiet] = [new Date(now.getTime() - 98 * 86_400_000), new Date(now.getTime() - 3_600_000)];
  const answersPlan = await planOf(deleteAnswersSql, ["failed", before, quiet, 1_000, now, new Date(0)]);
  expect(answersPlan).toContain("Index Scan using source_requests_outcome_created_at_idx");
  const lookupsPlan = await planOf(deleteLookupsSql, [before, quiet, 100, new Date(0)]);
  expect(lookupsPlan).toContain("using requests_everyone_created_at_id_idx");
  expect(lookupsPlan).toContain("using requests_private_created_at_id_idx");
  for (const plan of [answersPlan, lookupsPlan]) expect(plan).not.toMatch(/Seq Scan on (requests|source_requests)/);

  const kept = { lookupDaysKept: 98, failedDaysKept: 95 };
  const due = (await getRetention(context(), settings(kept))).due;
  // All stay half an hour longer, for the sake of those that share answers. A row that has come of age since may be one more.
  const longer = 6;
  expect(due.lookups - (crowd - 98 * lookupsADay - longer + 1)).toBeOneOf([0, 1]);
  expect(due.answers.failed - 3 * lookupsADay).toBeOneOf([0, 1]);
  expect(await prune(kept)).toMatchObject({ lookups: due.lookups });
  expect((await getRetention(context(), settings(kept))).due).toMatchObject({ lookups: 0, answers: { failed: 0 } });
  expect(await count("requests")).toBe(crowd - due.lookups);
  expect(await count("requests", "answers_pruned = 1")).toBe(
    await count("requests", "created_at < now() - interval '95 days 30 minutes'"),
  );
  expect(await count("source_requests", "outcome = 'ok'")).toBe(crowd - due.lookups);
  const [event] = (await client.events.list({ query: { action: "request.prune", limit: 1 } })).items;
  expect(event).toMatchObject({
    actor: { type: "system" },
    object: { name: expect.stringContaining(`${due.lookups} lookups`) },
  });
});

it("beyond the limit of size deletes the oldest lookups, and no more than it has to", async () => {
  await insertCrowd(6_000);
  // So few that they are measured whole.
  const { usedBytes, diskBytes } = await getRetention(context(), settings({}));
  // The measure is of what is there, so that a file that does not shrink does not make it delete more and more.
  expect(usedBytes / diskBytes).toBeGreaterThan(0.5);
  expect(usedBytes / diskBytes).toBeLessThan(1.5);
  const limit = { lookupMebibytesMax: Math.round(usedBytes / 2 / 1024 / 1024) };
  const { lookups } = await prune(limit);
  expect(lookups).toBeGreaterThan(2_400);
  expect(lookups).toBeLessThan(3_600);
  expect(await count("requests", `id > lpad('${6_000 - lookups}', 12, '0')`)).toBe(0);
  const left = await getRetention(context(), settings(limit));
  expect(left.usedBytes).toBeLessThanOrEqual(left.limitBytes ?? 0);
  expect(await prune(limit)).toMatchObject({ lookups: 0 });
});

/** A batch that was made, and as a rule ended, so many days ago. */
async function insertBatch(id: string, ageDays: number, status = "completed", items = 3): Promise<void> {
  await backend.db.pool.query(
    `INSERT INTO batches (id, status, tlp, pap, visibility, deadline_ms, user_id, input_hash, created_at, ended_at, total, done, dropped)
     SELECT $1, $2, 'CLEAR', 'CLEAR', 'everyone', 1000, 'aged00000000', '', t, CASE WHEN $2 IN ('completed', 'cancelled', 'failed') THEN t END,
            $4, $4, '[{"raw": "what", "reason": "none"}]' FROM (SELECT now() - make_interval(days => $3) AS t) x`,
    [id, status, ageDays, items],
  );
  await backend.db.pool.query(
    `INSERT INTO batch_items (batch_id, position, kind, data, state, verdict)
     SELECT $1, n, 'DOMAIN', 'host' || n || '.test', 'done', 'unknown' FROM generate_series(0, $2::int - 1) n`,
    [id, items],
  );
}

it("deletes batches that ended before, with all that they hold; those that have not ended or are held stay", async () => {
  for (const status of ["completed", "cancelled", "failed", "running", "paused", "ready"])
    await insertBatch(status, 20, status);
  await insertBatch("young", 5);
  await insertBatch("held", 20);
  await backend.db.pool.query("UPDATE batches SET node = 'some' WHERE id = 'held'");
  const kept = { lookupDaysKept: 10 };
  expect((await getRetention(context(), settings(kept))).due.batches).toBe(3);
  expect(await prune({ okDaysKept: 1 })).toMatchObject({ batches: 0 });
  expect(await prune(kept)).toMatchObject({ lookups: 0, batches: 3 });
  const { rows } = await backend.db.pool.query<{ id: string }>("SELECT id FROM batches ORDER BY id");
  expect(rows.map(({ id }) => id)).toEqual(["held", "paused", "ready", "running", "young"]);
  expect(await count("batch_items")).toBe(15);
  const [event] = (await client.events.list({ query: { action: "request.prune", limit: 1 } })).items;
  expect(event?.object?.name).toBe("0 lookups, 0 answers, 3 batches");
});

it("counts batches for the limit of size, and deletes the oldest of them, too", async () => {
  await insertBatch("old", 20, "completed", 6_000);
  await insertBatch("new", 10, "completed", 6_000);
  await backend.db.pool.query("ANALYZE batches, batch_items");
  const { usedBytes, diskBytes } = await getRetention(context(), settings({}));
  expect(usedBytes / diskBytes).toBeGreaterThan(0.5);
  expect(usedBytes / diskBytes).toBeLessThan(1.5);
  const limit = { lookupMebibytesMax: Math.ceil(usedBytes / 2 / 1024 / 1024) };
  expect(await prune(limit)).toMatchObject({ batches: 1 });
  expect(await count("batches", "id = 'new'")).toBe(1);
  expect(await prune(limit)).toMatchObject({ batches: 0 });
});

it("leaves alone what runs, has just ended or is held by somebody else, and waits for nobody", async () => {
  const { pool } = backend.db;
  const [running, held, free] = [newId(), newId(), newId()];
  await insertLookup(pool, { id: running, ageDays: 90, answers: ["ok"], status: "running" });
  await insertLookup(pool, { id: held, ageDays: 80, answers: ["ok"] });
  await insertLookup(pool, { id: free, ageDays: 70, answers: ["ok"] });
  const user = await pool.connect();
  await user.query("BEGIN");
  await user.query("SELECT FROM requests WHERE id = $1 FOR UPDATE", [held]);
  expect(await prune({ okDaysKept: 1 })).toMatchObject({ lookups: 0, answers: 1 });
  expect(await prune({ lookupDaysKept: 1 })).toMatchObject({ lookups: 1, answers: 0 });
  await user.query("ROLLBACK");
  user.release();
  expect(await prune({ lookupDaysKept: 1 })).toMatchObject({ lookups: 1, answers: 1 });
  // A lookup of long ago that was taken over and has ended only now.
  await pool.query("UPDATE requests SET status = 'completed', completed_at = now()");
  expect(await prune({ lookupDaysKept: 1, okDaysKept: 1 })).toMatchObject({ lookups: 0, answers: 0 });
  expect((await client.requests.get({ params: { id: running } })).answers).toHaveLength(1);
});

it("does not get in the way of lookups that are recorded meanwhile", async () => {
  await insertCrowd(5_000);
  const lookUp = () => client.requests.create({ query: { wait: "20s" }, body: { data: "192.0.2.1" } });
  const [{ lookups }, ...recorded] = await Promise.all([
    prune({ lookupMebibytesMax: 1 }),
    ...Array.from({ length: 40 }, lookUp),
  ]);
  expect(lookups).toBeGreaterThan(1_000);
  expect(recorded.map(({ status }) => status)).toEqual(Array.from({ length: 40 }, () => "completed"));
  expect(await count("requests", "data = '192.0.2.1' AND answers_pruned = 0 AND status = 'completed'")).toBe(40);
});

it("stops between two batches when it is called off, with nothing half deleted", async () => {
  await insertCrowd(5_000);
  const stop = new AbortController();
  const { pool } = backend.db;
  const counting = { ...backend.db, pool: new Proxy(pool, { get: (target, name) => stopAfter(target, name) }) };
  let queries = 0;
  const stopAfter = (target: typeof pool, name: string | symbol): unknown => {
    if (name === "query" && ++queries === 3) stop.abort();
    const value: unknown = Reflect.get(target, name);
    return typeof value === "function" ? value.bind(target) : value;
  };
  const deleted = await pruneLookups({ ...context(stop.signal), db: counting }, settings({ lookupDaysKept: 1 }));
  expect(deleted).toMatchObject({ lookups: 300, answers: 600 });
  expect(await count("requests")).toBe(4_700);
  expect(await count("source_requests")).toBe(9_400);
});

it("records what it deleted before it failed; where that fails as well, the first failure is the one that is told", async () => {
  await insertCrowd(1_000);
  const { pool } = backend.db;
  let queries = 0;
  const failing = new Proxy(pool, {
    get(target, name) {
      if (name === "query" && ++queries === 3) return () => Promise.reject(new Error("the disk is full"));
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const fail = (changes: object = {}) =>
    pruneLookups({ ...context(), db: { ...backend.db, pool: failing, ...changes } }, settings({ lookupDaysKept: 1 }));
  await expect(fail()).rejects.toThrow("the disk is full");
  const { items } = await client.events.list({ query: { action: "request.prune", limit: 1 } });
  expect(items[0]?.object.name).toBe("200 lookups, 400 answers, 0 batches");
  queries = 0;
  const unrecorded = { create: () => Promise.reject(new Error("no event can be written")) };
  await expect(fail({ prisma: { event: unrecorded } })).rejects.toThrow("the disk is full");
});

it("a lookup that lost answers says so on its page, in its stream, in a comparison and in exports; its verdict stays", async () => {
  const { pool } = backend.db;
  const [old, later] = [newId(), newId()];
  await insertLookup(pool, { id: old, ageDays: 20, answers: ["ok", "failed", "failed"] });
  await insertLookup(pool, { id: later, ageDays: 1, answers: ["ok", "ok", "failed"] });
  const before = await client.requests.get({ params: { id: old } });
  expect(before.prunedAnswers).toBeNull();
  await prune({ failedDaysKept: 10 });
  const after = await client.requests.get({ params: { id: old } });
  expect(after).toEqual({
    ...before,
    answers: before.answers.slice(0, 1),
    prunedAnswers: { count: 2, at: expect.any(String) },
  });

  const read = async (path: string, headers = {}): Promise<string> =>
    (
      await fetch(`${backend.url}/api/v1/requests/${path}`, { headers: { ...(await backend.token()), ...headers } })
    ).text();
  const names = (stream: string): string[] => [...stream.matchAll(/^event: (\w+)/gm)].map(([, name]) => name ?? "");
  const stream = await read(`${old}/events`);
  expect(names(stream)).toEqual(["fetching_start", "fetching_data", "verdict", "fetching_end"]);
  expect(stream).toContain('"prunedAnswers":{"count":2');
  // Somebody who had seen more events than there are now is told that there are no more.
  expect(names(await read(`${old}/events`, { "last-event-id": "9" }))).toEqual(["fetching_end"]);
  const diff = await client.requests.diff({ params: { id: later }, query: { with: old } });
  expect(diff.sources.map(({ changed, pruned }) => [changed, pruned])).toEqual([
    [false, null],
    [false, "before"],
    [false, "before"],
  ]);
  expect(await read(`${old}/export?format=text`)).toContain("2 answers were deleted by retention");
});
