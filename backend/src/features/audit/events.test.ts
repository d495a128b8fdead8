import type { AuditEvent } from "@assay/contract";
import { PgBoss } from "pg-boss";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "../../ids.ts";
import { startTestBackend, type TestBackend, testPassword } from "../../testing.ts";

let backend: TestBackend;
let token: { authorization: string };
beforeAll(async () => {
  backend = await startTestBackend({ worker: true });
  token = await backend.token();
});
afterAll(() => backend.close());

const events = async (query: object = {}): Promise<AuditEvent[]> =>
  (await backend.client(token).events.list({ query: { limit: 200, ...query } })).items;
const actions = async (query: object): Promise<string[]> => (await events(query)).map(({ action }) => action);
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${backend.url}/api/v1${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
const basic = (email: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${email}:${password}`).toString("base64")}`,
});

test("signing in, failing to, a new password and signing out are told with who, from where, with what and in which trace", async () => {
  const user = await backend.createUser(["viewer"]);
  const traceId = "0af7651916cd43dd8448eb211c80319c";
  const headers = { "user-agent": "planted-agent/1", traceparent: `00-${traceId}-b7ad6b7169203331-01` };
  await post("/auth/login", { email: user.email, password: "planted-wrong-password" }, headers);
  const session = await backend.signIn(user);
  const newPassword = "planted-new-password";
  expect((await post("/auth/password", { currentPassword: testPassword, newPassword }, session)).status).toBe(204);
  await backend.client(session).auth.logout();
  await expect
    .poll(() => actions({ objectId: user.id }))
    .toEqual(["user.signOut", "user.changePassword", "user.signIn", "user.failSignIn"]);
  const [out, changed, signedIn, failed] = await events({ objectId: user.id });
  const self = { type: "user", userId: user.id, email: user.email, tokenId: null };
  expect([out?.actor, changed?.actor, signedIn?.actor]).toEqual([self, self, self]);
  expect(failed).toMatchObject({
    actor: { type: "anonymous", userId: null },
    object: { type: "user", id: user.id, name: user.email },
    address: "127.0.0.1",
    userAgent: "planted-agent/1",
    traceId,
  });
  expect(changed?.changes).toEqual([{ field: "passwordHash", before: "[redacted]", after: "[redacted]" }]);
  const { rows } = await backend.db.pool.query<{ row: string }>("SELECT e::text AS row FROM events e");
  expect(rows.map(({ row }) => row).join("\n")).not.toMatch(/planted-(wrong|new)|argon2/);
});

test("a script that signs in with HTTP Basic is one event, however often it calls", async () => {
  const user = await backend.createUser(["viewer"]);
  for (let count = 0; count < 5; count++) {
    await fetch(`${backend.url}/api/v1/auth/me`, { headers: basic(user.email, testPassword) });
  }
  await expect.poll(() => actions({ objectId: user.id })).toEqual(["user.signInBasic"]);
});

test("what an attacker repeats is counted, not written each time, and what may be a password is not kept", async () => {
  const before = (await events({ action: "user" })).length;
  for (let count = 0; count < 40; count++) {
    await fetch(`${backend.url}/api/v1/auth/me`, { headers: basic("attacked@example.org", `wrong-${count}`) });
  }
  await fetch(`${backend.url}/api/v1/auth/me`, { headers: basic("planted-hunter2", "x") });
  await expect
    .poll(() => actions({ text: "attacked@example.org" }))
    .toEqual(["user.throttleSignIn", "user.failSignIn"]);
  await expect.poll(async () => (await events({ action: "user" })).length).toBe(before + 3);
  expect(JSON.stringify(await events())).not.toContain("planted-hunter2");
});

test("tokens tell of themselves and of their owner; the secret is nowhere", async () => {
  const own = backend.client(token);
  const { id, token: value } = await own.apiTokens.create({ body: { note: "made", scopes: ["sources:read"] } });
  await own.apiTokens.update({ params: { id }, body: { note: "renamed" } });
  const renewed = await own.apiTokens.regenerate({ params: { id } });
  await own.apiTokens.delete({ params: { id } });
  const told = await events({ objectType: "apiToken", objectId: id });
  expect(told.map(({ action }) => action)).toEqual([
    "apiToken.delete",
    "apiToken.regenerate",
    "apiToken.update",
    "apiToken.create",
  ]);
  expect(told[0]?.actor).toMatchObject({ type: "apiToken", userId: backend.admin.id, tokenId: expect.any(String) });
  expect(told[2]?.changes).toEqual([{ field: "note", before: "made", after: "renamed" }]);
  const kept = JSON.stringify(told);
  for (const secret of [value, renewed.token]) expect(kept).not.toContain(secret.slice(13));
});

test("events are filtered by actor, noun, time and text", async () => {
  const { id } = await backend.client(token).providers.create({ body: { name: "Filtered 100%_" } });
  const [event] = await events({ objectId: id });
  const at = event?.createdAt ?? "";
  expect(await actions({ objectId: id, actorId: backend.admin.id, action: "provider" })).toEqual(["provider.create"]);
  expect(await actions({ objectId: id, actorType: "system" })).toEqual([]);
  expect(await actions({ objectId: id, action: "prov" })).toEqual([]);
  expect(await actions({ objectId: id, from: at })).toEqual(["provider.create"]);
  expect(await actions({ objectId: id, to: at })).toEqual([]);
  expect(await actions({ text: "fILTERED 100%_" })).toEqual(["provider.create"]);
  expect(await actions({ text: "filtered 1000_" })).toEqual([]);
  const sent = backend.client(token).events.list({ query: { action: "a.b.c" } });
  await expect(sent).rejects.toMatchObject({ problem: { errors: [{ field: "query.action" }] } });
});

test("an export holds every event, more than fit a batch, and is an event itself", async () => {
  await backend.db.pool.query(
    `INSERT INTO events (id, created_at, actor_type, action, object_type, object_name, changes)
     SELECT 'bulk' || lpad(n::text, 8, '0'), now(), 'system', 'bulk.make', 'bulk', n::text, '[]' FROM generate_series(1, 1203) n`,
  );
  const response = await fetch(`${backend.url}/api/v1/events/export?action=bulk`, { headers: token });
  const lines = (await response.text()).trimEnd().split("\n");
  expect(new Set(lines.map((line) => (JSON.parse(line) as AuditEvent).object.name)).size).toBe(1203);
  expect(await actions({ action: "event.export" })).toEqual(["event.export"]);
});

test("events go when they are older than they are kept, by the nightly job, and no others", async () => {
  await backend.client(token).config.update({ body: { auditDaysKept: 60 } });
  const old = newId();
  const young = newId();
  await backend.db.pool.query(
    `INSERT INTO events (id, created_at, actor_type, action, object_type, object_name, changes)
     VALUES ($1, now() - interval '61 days', 'system', 'old.make', 'old', 'old', '[]'),
            ($2, now() - interval '59 days', 'system', 'old.make', 'old', 'young', '[]')`,
    [old, young],
  );
  const boss = await new PgBoss({ connectionString: backend.databaseUrl, supervise: false, schedule: false }).start();
  await boss.send("event.prune");
  await expect.poll(async () => (await events({ action: "old" })).map(({ id }) => id)).toEqual([young]);
  await boss.stop({ graceful: false });
});
