import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client, SettingName } from "@assay/contract";
import { type ServerConfigPatch, settingNames } from "@assay/contract";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { jobs } from "../../background/jobs.ts";
import { systemClock } from "../../context.ts";
import { newId } from "../../ids.ts";
import { startBatchRunner } from "../batches/run/batch-runner.ts";
import { insertLookup } from "../retention/fixtures.ts";
import { startTestBackend, type TestBackend, testPassword } from "../../testing.ts";

const manifest = (language: string) =>
  `name: ${language}\ndescription: A source\nprovider: us\nlanguage: ${language}\nindicators: [IPV4]\nexposure: local\nreliability: B\n`;

let folder: string;
let backend: TestBackend;
let client: Client;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "assay-catalogue-"));
  const files = {
    "providers/us.yaml": "name: Us\ndescription: Ourselves\n",
    "in-javascript/source.yaml": manifest("javascript"),
    "in-javascript/source.js": "export const fetchData = () => null;",
    "in-python/source.yaml": manifest("python"),
    "in-python/source.py": "def fetch_data(indicator, context):\n    return None\n",
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, ".."), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  backend = await startTestBackend({ catalogueFolder: folder });
  // Where proxies are trusted, it has an address of its own, whose calls no test uses up.
  client = backend.client({ ...(await backend.token()), "x-forwarded-for": "192.0.2.200" });
});
afterAll(async () => {
  await backend.close();
  await rm(folder, { recursive: true });
});
afterEach(async () => {
  await set(Object.fromEntries(settingNames.map((name) => [name, null])));
});

const set = (body: ServerConfigPatch) => client.config.update({ body });
const item = async (name: SettingName) => (await client.config.get()).items.find((each) => each.name === name);
const call = (path: string, headers: Record<string, string> = {}, body?: unknown) =>
  fetch(`${backend.url}/api/v1${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { ...headers, ...(body !== undefined && { "content-type": "application/json" }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
const from = (address: string) => ({ "x-forwarded-for": address });
const fail = async (email: string, address: string) =>
  (await call("/auth/login", from(address), { email, password: "wrong" })).status;
const refusals = async (count: number, path: string, headers: Record<string, string>): Promise<number> => {
  const answers = await Promise.all(Array.from({ length: count }, () => call(path, headers)));
  return answers.filter(({ status }) => status === 429).length;
};
const lookUp = () => client.requests.create({ body: { data: "192.0.2.1" } });
const skipped = async () => {
  const { answers } = await lookUp();
  return answers.filter(({ outcome }) => outcome === "skipped").map(({ source }) => source.slug);
};
const trustedProxies = ["127.0.0.1"];
/** A lookup is weighed by the window that was set when it was asked, and stays so. */
const freshFor = async (name: SettingName, data: string) => {
  const ask = () => client.requests.create({ body: { data } });
  await set({ [name]: 7 });
  const asked = await ask();
  await set({ [name]: 0 });
  const days = [asked, await ask(), await client.requests.get({ params: { id: asked.id } })];
  expect(days.map(({ verdict }) => verdict.freshDays)).toEqual([7, null, 7]);
};

const runJob = async (name: string): Promise<void> => {
  const { db, backend: parts } = backend;
  const ctx = { db, clock: systemClock, log: parts.log, actor: { type: "system" }, origin: null } as const;
  const job = jobs(parts).find((each) => each.name === name);
  await job?.run({ ...ctx, signal: AbortSignal.timeout(30_000) });
};
/** What the settings leave of a lookup from 50 days ago with an answer of every outcome and so many characters. */
const agedAfter = async (settings: ServerConfigPatch, size = 0): Promise<string[]> => {
  const { pool } = backend.db;
  const id = newId();
  await insertLookup(pool, { id, ageDays: 50, answers: ["ok", "not_found", "failed", "skipped"], size });
  await runJob("lookup.prune");
  expect((await pool.query("SELECT FROM source_requests WHERE request_id = $1", [id])).rowCount).toBe(4);
  await set(settings);
  await runJob("lookup.prune");
  const { rows } = await pool.query<{ outcome: string }>(
    "SELECT outcome FROM source_requests WHERE request_id = $1 ORDER BY outcome",
    [id],
  );
  return rows.map(({ outcome }) => outcome);
};

/** What each setting does. A setting without a case does not compile; one that nothing reads fails its case. */
const cases: Record<SettingName, () => Promise<void>> = {
  async lookupDeadlineMs() {
    await set({ lookupDeadlineMs: 1234 });
    const { id } = await lookUp();
    const row = await backend.db.prisma.request.findUniqueOrThrow({ where: { id } });
    expect(row.deadlineAt.getTime() - row.createdAt.getTime()).toBe(1234);
  },
  async defaultTlp() {
    await set({ defaultTlp: "AMBER" });
    expect((await lookUp()).tlp).toBe("AMBER");
  },
  async defaultPap() {
    await set({ defaultPap: "AMBER" });
    expect((await lookUp()).pap).toBe("AMBER");
  },
  async defaultVisibility() {
    expect((await lookUp()).visibility).toBe("everyone");
    await set({ defaultVisibility: "private" });
    expect((await lookUp()).visibility).toBe("private");
  },
  async javascriptEnabled() {
    expect(await skipped()).not.toContain("in-javascript");
    await set({ javascriptEnabled: false });
    expect(await skipped()).toContain("in-javascript");
  },
  async pythonEnabled() {
    expect(await skipped()).not.toContain("in-python");
    await set({ pythonEnabled: false });
    expect(await skipped()).toContain("in-python");
  },
  async batchLookupsAtOnce() {
    const { lookups, registry, settings, log, clock } = backend.backend;
    const seen = { now: 0, most: 0 };
    const start: typeof lookups.start = (...given) => {
      const lookup = lookups.start(...given);
      seen.most = Math.max(seen.most, ++seen.now);
      void lookup.gone.promise.then(() => seen.now--);
      return lookup;
    };
    const runner = {
      db: backend.db,
      lookups: { ...lookups, start },
      registry,
      config: settings,
      log,
      clock,
      node: newId(),
    };
    const mostOf = async (batchLookupsAtOnce: number): Promise<number> => {
      await set({ batchLookupsAtOnce });
      seen.most = 0;
      const indicators = Array.from({ length: 20 }, (_, i) => `192.0.2.${i}`);
      const { id: batch } = await client.batches.create({ body: { indicators } });
      const { close } = await startBatchRunner(runner);
      const status = async () => (await client.batches.get({ params: { id: batch } })).status;
      await expect.poll(status, { timeout: 30_000 }).toBe("completed");
      await close();
      return seen.most;
    };
    expect([await mostOf(2), await mostOf(7)]).toEqual([2, 7]);
  },
  lookupDaysKept: async () => expect(await agedAfter({ lookupDaysKept: 10 })).toEqual([]),
  okDaysKept: async () => expect(await agedAfter({ okDaysKept: 10 })).toEqual(["failed", "not_found", "skipped"]),
  notFoundDaysKept: async () => expect(await agedAfter({ notFoundDaysKept: 10 })).toEqual(["failed", "ok", "skipped"]),
  failedDaysKept: async () => expect(await agedAfter({ failedDaysKept: 10 })).toEqual(["not_found", "ok", "skipped"]),
  skippedDaysKept: async () => expect(await agedAfter({ skippedDaysKept: 10 })).toEqual(["failed", "not_found", "ok"]),
  lookupMebibytesMax: async () => expect(await agedAfter({ lookupMebibytesMax: 1 }, 2_000_000)).toEqual([]),
  addressFreshDays: () => freshFor("addressFreshDays", "192.0.2.0/24"),
  urlFreshDays: () => freshFor("urlFreshDays", "https://example.org/"),
  domainFreshDays: () => freshFor("domainFreshDays", "someone@example.org"),
  otherFreshDays: () => freshFor("otherFreshDays", "d41d8cd98f00b204e9800998ecf8427e"),
  async sessionIdleMinutes() {
    const session = await backend.signIn(await backend.createUser(["viewer"]));
    await backend.db.pool.query(
      "UPDATE sessions SET sess = jsonb_set(sess::jsonb, '{seenAt}', to_jsonb((sess ->> 'seenAt')::bigint - 600000))::json",
    );
    const spared = await backend.signIn(await backend.createUser(["viewer"]));
    await set({ sessionIdleMinutes: 5 });
    expect([(await call("/auth/me", session)).status, (await call("/auth/me", spared)).status]).toEqual([401, 200]);
    await set({ sessionIdleMinutes: null });
    expect((await call("/auth/me", session)).status).toBe(401);
  },
  async sessionHours() {
    const session = await backend.signIn(await backend.createUser(["viewer"]));
    await backend.db.pool.query(
      "UPDATE sessions SET sess = jsonb_set(sess::jsonb, '{startedAt}', to_jsonb((sess ->> 'startedAt')::bigint - 7200000))::json",
    );
    expect((await call("/auth/me", session)).status).toBe(200);
    await set({ sessionHours: 1 });
    expect((await call("/auth/me", session)).status).toBe(401);
  },
  async passwordLengthMin() {
    const session = await backend.signIn(await backend.createUser(["viewer"]));
    await set({ passwordLengthMin: 20 });
    const passwords = { currentPassword: testPassword, newPassword: "nineteen characters" };
    expect(await (await call("/auth/password", session, passwords)).json()).toMatchObject({
      errors: [{ field: "body.newPassword", message: "must have at least 20 characters" }],
    });
  },
  async passwordScoreMin() {
    const session = await backend.signIn(await backend.createUser(["viewer"]));
    const change = (newPassword: string) =>
      call("/auth/password", session, { currentPassword: testPassword, newPassword });
    expect(await (await change("Password12345")).json()).toMatchObject({
      errors: [{ field: "body.newPassword", message: expect.stringMatching(/^is too easy to guess\. .*\.$/) }],
    });
    await set({ passwordScoreMin: 0 });
    expect((await change("Password12345")).status).toBe(204);
  },
  async signUpEnabled() {
    const wish = { email: `${newId()}@example.org`, password: testPassword };
    expect(await (await call("/auth/signup", {}, wish)).json()).toMatchObject({ code: "FORBIDDEN" });
    await set({ signUpEnabled: true });
    expect((await call("/auth/signup", {}, wish)).status).toBe(202);
    expect(await (await call("/auth")).json()).toMatchObject({ signUp: true });
  },
  async signUpDomains() {
    await set({ signUpEnabled: true, signUpDomains: ["example.org", "example.net"] });
    const signUp = async (domain: string) =>
      (await call("/auth/signup", {}, { email: `${newId()}@${domain}`, password: testPassword })).json();
    expect(await signUp("example.com")).toMatchObject({
      errors: [{ field: "body.email", message: "must be an address at example.org or example.net" }],
    });
    expect(await signUp("example.net")).toMatchObject({ message: expect.stringContaining("administrator") });
  },
  async basicEnabled() {
    const { email, password } = await backend.createUser(["viewer"]);
    const headers = { authorization: `Basic ${Buffer.from(`${email}:${password}`).toString("base64")}` };
    expect((await call("/auth/me", headers)).status).toBe(200);
    await set({ basicEnabled: false });
    expect(await (await call("/auth")).json()).toMatchObject({ basic: false });
    const refused = await call("/auth/me", headers);
    expect(refused.headers.get("www-authenticate")).not.toContain("Basic");
    expect(await refused.json()).toMatchObject({ status: 401, detail: expect.stringContaining("switched off") });
  },
  async signInFailuresPerPair() {
    await set({ trustedProxies, signInFailuresPerPair: 3 });
    const tries = [];
    for (let count = 0; count < 4; count++) tries.push(await fail("pair@example.org", "192.0.2.10"));
    expect(tries).toEqual([401, 401, 401, 429]);
  },
  async signInFailuresPerAddress() {
    await set({ trustedProxies, signInFailuresPerAddress: 10 });
    const tries = [];
    for (let count = 0; count < 11; count++) tries.push(await fail(`${newId()}@example.org`, "192.0.2.11"));
    expect(tries).toEqual([...Array.from({ length: 10 }, () => 401), 429]);
  },
  async signInFailuresPerAccount() {
    await set({ trustedProxies, signInFailuresPerAccount: 10 });
    const tries = [];
    for (let count = 0; count < 11; count++) tries.push(await fail("account@example.org", `198.51.100.${count}`));
    expect(tries).toEqual([...Array.from({ length: 10 }, () => 401), 429]);
  },
  async callsPerAddress() {
    await set({ trustedProxies, callsPerAddress: 60 });
    expect(await refusals(61, "/health", from("192.0.2.12"))).toBe(1);
    expect((await call("/health", from("192.0.2.13"))).status).toBe(200);
  },
  async callsPerUser() {
    const session = await backend.signIn(await backend.createUser(["viewer"]));
    await set({ callsPerUser: 60 });
    expect(await refusals(62, "/auth/me", session)).toBe(2);
  },
  async callsPerToken() {
    const token = await backend.token();
    await set({ callsPerToken: 1000 });
    expect((await call("/auth/me", token)).headers.get("ratelimit-policy")).toBe('"token";q=1000;w=60');
    await set({ callsPerToken: 0, callsPerAddress: 0 });
    expect((await call("/auth/me", token)).headers.get("ratelimit-policy")).toBeNull();
  },
  async trustedProxies() {
    const user = await backend.createUser(["viewer"]);
    const addressOfFailure = async (): Promise<unknown> => {
      await fail(user.email, "192.0.2.20");
      return (await client.events.list({ query: { objectId: user.id } })).items[0]?.address;
    };
    await expect.poll(addressOfFailure).toBe("127.0.0.1");
    await set({ trustedProxies: ["127.0.0.0/8"] });
    await expect.poll(addressOfFailure).toBe("192.0.2.20");
  },
  async corsOrigins() {
    await set({ corsOrigins: ["https://soar.example.org"] });
    const answer = await call("/health", { origin: "https://soar.example.org" });
    expect(answer.headers.get("access-control-allow-origin")).toBe("https://soar.example.org");
  },
  async auditDaysKept() {
    await backend.db.pool.query(
      `INSERT INTO events (id, created_at, actor_type, action, object_type, object_name, changes)
       VALUES ($1, now() - interval '50 days', 'system', 'aged.make', 'aged', 'aged', '[]')`,
      [newId()],
    );
    const left = async (): Promise<number> => {
      await runJob("event.prune");
      return backend.db.prisma.event.count({ where: { action: "aged.make" } });
    };
    expect(await left()).toBe(1);
    await set({ auditDaysKept: 31 });
    expect(await left()).toBe(0);
  },
};

test.each(settingNames)("%s does what it says, from the moment that it is changed", (name) => cases[name]());

describe("changing settings", () => {
  test("tells who did it when, goes back to the default, and is recorded", async () => {
    expect(await item("auditDaysKept")).toMatchObject({
      ...{ value: 400, from: "default", changedAt: null, unit: "days", minimum: 31, maximum: 3650, group: "audit" },
    });
    await set({ auditDaysKept: 90, callsPerToken: 7000 });
    expect(await item("auditDaysKept")).toMatchObject({
      ...{
        value: 90,
        default: 400,
        from: "stored",
        changedUserId: backend.admin.id,
        changedEmail: backend.admin.email,
      },
    });
    await set({ auditDaysKept: null });
    expect(await item("auditDaysKept")).toMatchObject({ value: 400, from: "default", changedAt: null });
    const [reset, changed] = (await client.events.list({ query: { action: "config.update" } })).items;
    expect(reset?.changes).toEqual([{ field: "auditDaysKept", before: 90, after: 400 }]);
    expect(changed?.changes.toSorted((a, b) => a.field.localeCompare(b.field))).toEqual([
      { field: "auditDaysKept", before: 400, after: 90 },
      { field: "callsPerToken", before: 6000, after: 7000 },
    ]);
  });

  test("is all or nothing: one bad value, and none is stored; every bad one is named", async () => {
    const bad = set({
      auditDaysKept: 90,
      callsPerToken: 59,
      trustedProxies: ["10.0.0.0/8", "10.0.0.0/99", "proxy.example"],
      corsOrigins: ["https://soar.example.org/path"],
    });
    await expect(bad).rejects.toMatchObject({
      problem: {
        code: "VALIDATION_FAILED",
        errors: [
          { field: "body.callsPerToken", message: "must be 0 (no limit) or at least 60" },
          { field: "body.trustedProxies[1]", message: "must be an address or a range such as 10.0.0.0/8" },
          { field: "body.trustedProxies[2]" },
          { field: "body.corsOrigins[0]", message: expect.stringContaining("must be an origin") },
        ],
      },
    });
    expect((await item("auditDaysKept"))?.value).toBe(400);
    expect(await backend.db.prisma.serverSetting.count()).toBe(0);
  });

  test("of the environment is not possible; what the environment gives has to be right", async () => {
    const own = await startTestBackend({ settings: { auditDaysKept: 50 } });
    const admin = own.client(await own.token());
    const given = (await admin.config.get()).items.find(({ name }) => name === "auditDaysKept");
    expect(given).toMatchObject({ value: 50, default: 400, from: "environment" });
    await expect(admin.config.update({ body: { auditDaysKept: 60 } })).rejects.toMatchObject({
      problem: { errors: [{ field: "body.auditDaysKept", message: expect.stringContaining("ASSAY_SETTINGS") }] },
    });
    await own.close();
    const wrong = startTestBackend({ settings: { auditDaysKept: 1, colour: "red" } });
    await expect(wrong).rejects.toThrow(
      "ASSAY_SETTINGS cannot be used: auditDaysKept must be at least 31; colour: there is no such setting.",
    );
  });
});
