import { scopes } from "@assay/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestBackend, type TestBackend } from "../../testing.ts";

let backend: TestBackend;
beforeAll(async () => {
  backend = await startTestBackend();
});
afterAll(() => backend.close());

const admin = async () => backend.client(await backend.token());
const withToken = (token: string, scheme = "Bearer") => backend.client({ authorization: `${scheme} ${token}` });
const refused = (code: string) => ({ problem: { code } });

test("a token is shown once, kept as a hash, and taken as Bearer and as Token", async () => {
  const { id, token } = await (await admin()).apiTokens.create({ body: { note: "script" } });
  expect(token).toMatch(new RegExp(`^${id}_[0-9A-Za-z]{40}$`));
  for (const scheme of ["Bearer", "Token", "bearer"]) {
    expect((await withToken(token, scheme).auth.me()).user.id).toBe(backend.admin.id);
  }
  const secret = token.slice(13);
  const { rows } = await backend.db.pool.query<{ row: string }>("SELECT t::text AS row FROM api_tokens t");
  expect(rows.some(({ row }) => row.includes(secret))).toBe(false);
});

test("a wrong secret, another token's secret and rubbish are all refused", async () => {
  const [one, two] = [
    await (await admin()).apiTokens.create({ body: { note: "1" } }),
    await (await admin()).apiTokens.create({ body: { note: "2" } }),
  ];
  const crossed = `${one.id}_${two.token.slice(13)}`;
  for (const value of [
    crossed,
    one.token.slice(0, -1),
    `${one.token}x`,
    one.id,
    "x",
    `${"a".repeat(12)}_${"b".repeat(40)}`,
  ]) {
    await expect(withToken(value).auth.me()).rejects.toMatchObject(refused("UNAUTHENTICATED"));
  }
});

test("an expired token says so; expiry is looked at although the token is remembered", async () => {
  const expired = backend.client(await backend.token({ expiresAt: new Date(Date.now() - 1000) }));
  await expect(expired.auth.me()).rejects.toMatchObject({
    problem: { detail: expect.stringContaining("expired at 20") },
  });
  const soon = backend.client(await backend.token({ expiresAt: new Date(Date.now() + 3_000) }));
  await soon.auth.me();
  await expect
    .poll(() => soon.auth.me().catch((error) => error.problem.detail), { timeout: 20_000 })
    .toContain("expired");
  const past = (await admin()).apiTokens.create({ body: { note: "x", expiresAt: "2020-01-01T00:00:00Z" } });
  await expect(past).rejects.toMatchObject({ problem: { errors: [{ field: "body.expiresAt" }] } });
});

test("a revoked token stops at once, in the middle of its use", async () => {
  const owner = await admin();
  const { id, token } = await owner.apiTokens.create({ body: { note: "x" } });
  const client = withToken(token);
  await Promise.all(Array.from({ length: 20 }, () => client.auth.me()));
  await owner.apiTokens.delete({ params: { id } });
  await expect(client.auth.me()).rejects.toMatchObject(refused("UNAUTHENTICATED"));
});

test("narrower scopes hold at once, and never exceed what the owner's roles give", async () => {
  const owner = await admin();
  const { id, token } = await owner.apiTokens.create({ body: { note: "x" } });
  await withToken(token).config.get();
  await owner.apiTokens.update({ params: { id }, body: { scopes: ["sources:read"] } });
  await expect(withToken(token).config.get()).rejects.toMatchObject(refused("FORBIDDEN"));
  const viewer = await backend.createUser(["viewer"]);
  const headers = await backend.token({ user: viewer, scopes });
  expect((await backend.client(headers).auth.me()).scopes).toEqual([
    "requests:read",
    "decisions:read",
    "sources:read",
    "apiTokens:write",
  ]);
});

test("a token cannot make itself or another one mightier than it is", async () => {
  const mighty = await (await admin()).apiTokens.create({ body: { note: "mighty" } });
  const weak = backend.client(await backend.token({ scopes: ["apiTokens:write"] }));
  const { token } = await weak.apiTokens.create({ body: { note: "x" } });
  expect((await withToken(token).auth.me()).scopes).toEqual(["apiTokens:write"]);
  await expect(weak.apiTokens.create({ body: { note: "x", scopes: ["config:write"] } })).rejects.toMatchObject({
    problem: { errors: [{ field: "body.scopes[0]", message: "is config:write, which you do not have yourself" }] },
  });
  await expect(weak.apiTokens.regenerate({ params: { id: mighty.id } })).rejects.toMatchObject(refused("FORBIDDEN"));
});

test("other people's tokens do not exist", async () => {
  const viewer = await backend.createUser(["viewer"]);
  const { id } = await (await admin()).apiTokens.create({ body: { note: "mine" } });
  const other = backend.client(await backend.token({ user: viewer }));
  expect((await other.apiTokens.list()).items.map((item) => item.note)).toEqual(["test"]);
  await expect(other.apiTokens.delete({ params: { id } })).rejects.toMatchObject(refused("NOT_FOUND"));
  await expect(other.apiTokens.regenerate({ params: { id } })).rejects.toMatchObject(refused("NOT_FOUND"));
});

test("the last use is noted, once a minute at the most", async () => {
  const owner = await admin();
  const { id, token } = await owner.apiTokens.create({ body: { note: "used" } });
  const lastUsedAt = async () => (await owner.apiTokens.list()).items.find((item) => item.id === id)?.lastUsedAt;
  expect(await lastUsedAt()).toBeNull();
  await withToken(token).auth.me();
  await expect.poll(lastUsedAt).not.toBeNull();
  const first = await lastUsedAt();
  await withToken(token).auth.me();
  await withToken(token).auth.me();
  expect(await lastUsedAt()).toBe(first);
});
