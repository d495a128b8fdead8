import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../context.ts";
import { newId } from "../../ids.ts";
import { startTestBackend, type TestBackend } from "../../testing.ts";
import { cachedAnswerOf } from "../cache/cached-answer.ts";
import { answerFromCache } from "./answer.ts";
import { answerIdOf } from "./answer-id.ts";
import { testAnswer, testSource } from "./fixtures.ts";
import { type LiveLookup, newLiveLookup } from "./live-lookup.ts";
import { readLookup } from "./lookup-queries.ts";
import { createRecorder } from "./recorder.ts";

let backend: TestBackend;
beforeAll(async () => void (backend = await startTestBackend()));
afterAll(() => backend.close());

const source = testSource("kept");
const kept = { foundSeconds: 3_600, notFoundSeconds: 0, failedSeconds: 0, staleSeconds: 0 };

/** A lookup that has not been given anything yet. */
function newLookup(data: string): LiveLookup {
  const nowMs = Date.now();
  return newLiveLookup({
    request: {
      ...{ id: newId(), data, kind: "DOMAIN", tlp: "GREEN", pap: "CLEAR", visibility: "everyone" },
      ...{ createdAt: new Date(nowMs).toISOString(), userId: backend.admin.id, callerClass: "api" },
      ...{ batchId: null, parentId: null, followUp: null, traceId: "0".repeat(32), ignoreLists: [] },
    },
    premises: { decision: null, freshDays: 90 },
    plan: [{ source: source.snapshot, problems: [] }],
    deadlineAtMs: nowMs + 60_000,
    cachedSinceMs: 0,
    takesStale: true,
  });
}

/** Gives it what the cache has. */
function give(lookup: LiveLookup): LiveLookup {
  const { id, kind, data, traceId, createdAt } = lookup.request;
  const [startedAtMs, endedAtMs] = [Date.parse(createdAt), Date.now()];
  const said = testAnswer("kept", { verdict: "suspicious" });
  const cached = cachedAnswerOf(said, { kind, data }, kept, null);
  const asked = { id: answerIdOf(id, 0), startedAtMs, endedAtMs, traceId };
  lookup.answers.push(answerFromCache(source, cached, "hit", asked));
  return Object.assign(lookup, { status: "completed", cachedAtMs: endedAtMs, completedAtMs: endedAtMs });
}

/** A recorder whose writes wait until each is let through, by its place in the order of asking; of those that are cut off nothing is heard. */
function gatedRecorder() {
  const asked: string[] = [];
  const gates: PromiseWithResolvers<"heard" | "unheard">[] = [];
  const gate = (at: number) => (gates[at] ??= Promise.withResolvers());
  const { pool } = backend.db;
  const query = async (config: pg.QueryConfig): Promise<unknown> => {
    const { promise } = gate(asked.push(config.name ?? "") - 1);
    const end = await promise;
    const result = await pool.query(config);
    if (end === "unheard") throw new Error("Connection terminated unexpectedly");
    return result;
  };
  const recorder = createRecorder({ query } as unknown as pg.Pool, "gated", systemClock, backend.backend.log);
  const pass = (at: number, end: "heard" | "unheard" = "heard") => gate(at).resolve(end);
  return { recorder, asked, pass };
}

const read = async ({ request: { id } }: LiveLookup) => {
  const { row, plan, answers } = (await readLookup(backend.db.pool, id)) ?? expect.fail("it is not there");
  return { status: row.status, verdict: row.summary.verdict, plan: plan.length, answers: answers.length };
};
const whole = { status: "completed", verdict: "suspicious", plan: 1, answers: 1 };

test("a lookup shares the answers of one that has been written to its end, and of no other", async () => {
  const { recorder, asked, pass } = gatedRecorder();
  const first = newLookup("halfway.example");
  const begun = recorder.save(first, "at once");
  await expect.poll(() => asked).toHaveLength(1);
  // It ends while the database is being told that it runs.
  give(first);
  const ended = recorder.save(first, "at once");
  pass(0);
  await begun;
  await expect.poll(() => asked).toHaveLength(2);
  const second = give(newLookup("halfway.example"));
  const stored = recorder.save(second, "at once");
  pass(2);
  await stored;
  expect(await read(second)).toEqual(whole);
  pass(1);
  await ended;
  expect(await read(first)).toEqual(whole);
  await recorder.close();
});

test("a lookup that shares answers keeps them when it is asked to be stored once more", async () => {
  const { recorder, asked, pass } = gatedRecorder();
  for (let at = 0; at < 4; at++) if (at !== 1) pass(at);
  const first = give(newLookup("again.example"));
  await recorder.save(first, "at once");
  const second = give(newLookup("again.example"));
  const stored = recorder.save(second, "at once");
  await expect.poll(() => asked).toEqual(["lookups.write", "lookups.share"]);
  // While it is being written somebody waits for it to be stored.
  const again = recorder.save(second, "at once");
  pass(1);
  await Promise.all([stored, again]);
  expect(await read(second)).toEqual(whole);
  await recorder.close();
});

test("a lookup of which it is not known whether it was written, and with what, is written with its own answers", async () => {
  const { recorder, asked, pass } = gatedRecorder();
  for (const at of [0, 2, 4]) pass(at);
  const first = give(newLookup("unheard.example"));
  await recorder.save(first, "at once");
  const second = newLookup("unheard.example");
  const begun = recorder.save(second, "at once");
  await expect.poll(() => asked).toHaveLength(2);
  give(second);
  pass(1, "unheard");
  await begun;
  expect(await read(second)).toEqual(whole);

  const third = give(newLookup("unheard.example"));
  pass(3, "unheard");
  await recorder.save(third, "at once");
  expect(await read(third)).toEqual(whole);
  expect(asked).toEqual(["lookups.write", "lookups.write", "lookups.write", "lookups.share", "lookups.share"]);
  await recorder.close();
});

test.each<[string, string]>([
  ["is gone, as of a database that was restored", "DELETE FROM requests WHERE id = $1"],
  ["another node has taken over", "UPDATE requests SET node = 'other' WHERE id = $1"],
  ["does not hold them itself", "UPDATE requests SET answers_of = 'other0000000' WHERE id = $1"],
])("a lookup has answers of its own where the one that it would share them with %s", async (what, sql) => {
  const { recorder, asked, pass } = gatedRecorder();
  for (let at = 0; at < 8; at++) pass(at);
  const data = `${what.replaceAll(/\W+/g, "-")}.example`;
  const first = give(newLookup(data));
  await recorder.save(first, "at once");
  await backend.db.pool.query(sql, [first.request.id]);
  const [second, third] = [give(newLookup(data)), give(newLookup(data))];
  await recorder.save(second, "at once");
  expect(await read(second)).toEqual(whole);
  await recorder.save(third, "at once");
  expect(await read(third)).toEqual(whole);
  expect(asked).toEqual(["lookups.write", "lookups.share", "lookups.write", "lookups.share"]);
  await recorder.close();
});
