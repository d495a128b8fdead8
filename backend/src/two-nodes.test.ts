import type { Source } from "@assay/contract";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type TestBackend, testPassword, type TestUser } from "./testing.ts";
import { startTestRedis, type TestRedis } from "./testing-redis.ts";
import { type ServedBackend, startServedBackend } from "./testing-served.ts";

let redis: TestRedis;
let first: ServedBackend;
let second: TestBackend;
beforeAll(async () => {
  redis = await startTestRedis();
  first = await startServedBackend({ redisUrl: redis.url });
  second = await first.startBeside({ redisUrl: redis.url });
});
afterAll(async () => {
  await second.close();
  await first.close();
  await redis.stop();
});

type Headers = Record<string, string>;
const ask = (node: TestBackend, headers: Headers, path = "/auth/me", body?: unknown): Promise<Response> =>
  fetch(`${node.url}/api/v1${path}`, {
    headers: { ...headers, ...(body !== undefined && { "content-type": "application/json" }) },
    ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }),
  });
const statusOf = async (...call: Parameters<typeof ask>): Promise<number> => (await ask(...call)).status;
/** What is promised of a change: it holds on the other node within a second. */
const soon = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 1000, interval: 20 });
const admin = async () => first.client(await first.token());
const basic = ({ email, password }: TestUser): Headers => ({
  authorization: `Basic ${Buffer.from(`${email}:${password}`).toString("base64")}`,
});
const dependency = async (node: TestBackend) =>
  (await node.client(await node.token()).health.ready()).dependencies.find(({ name }) => name === "Redis");

async function newSource(code: string, slots: object[] = []): Promise<Source> {
  const client = await admin();
  const provider = await client.providers.create({ body: { name: `Provider ${Math.random()}` } });
  const shared = {
    name: "Shared",
    providerId: provider.id,
    language: "JAVASCRIPT" as const,
    exposure: "local" as const,
  };
  const secretSlots = slots as Source["secretSlots"];
  const hosts = ["api.example.org"];
  const body = { ...shared, code, supportedIndicators: ["IPV4" as const], hosts, secretSlots, timeoutMs: 60_000 };
  const source = await client.sources.create({ body });
  await soon(() => second.backend.registry.get(source.id)?.snapshot.id).toBe(source.id);
  return source;
}

describe.each(["with Redis", "while Redis is away"])("%s, what is done on one node holds on the other", (when) => {
  beforeAll(async () => {
    if (when !== "with Redis") await redis.stop();
    for (const node of [first, second])
      await vi.waitFor(async () => expect((await dependency(node))?.up).toBe(when === "with Redis"), 20_000);
  });

  test.each<[string, (own: Headers, other: Headers, user: TestUser) => Promise<unknown>]>([
    ["signing out", (own) => first.client(own).auth.logout()],
    [
      "ending a session from another one",
      async (own, other) => {
        const { items } = await first.client(own).auth.sessions();
        await first.client(other).auth.endSession({ params: { id: items.find(({ current }) => current)?.id ?? "" } });
      },
    ],
    ["signing out everywhere", (_own, other) => first.client(other).auth.signOutEverywhere()],
    [
      "a new password, set in another session",
      (_own, other) =>
        first.client(other).auth.password({
          body: { currentPassword: testPassword, newPassword: "another long enough password" },
        }),
    ],
    ["being signed out", async (_own, _other, { id }) => (await admin()).users.signOut({ params: { id } })],
    ["a reset password", async (_own, _other, { id }) => (await admin()).users.resetPassword({ params: { id } })],
    [
      "being disabled",
      async (_own, _other, { id }) => (await admin()).users.update({ params: { id }, body: { enabled: false } }),
    ],
    ["being deleted", async (_own, _other, { id }) => (await admin()).users.delete({ params: { id } })],
  ])("a session that both nodes know ends on both: %s", async (_name, end) => {
    const user = await first.createUser(["analyst"]);
    const [own, other] = [await first.signIn(user), await second.signIn(user)];
    expect((await second.client(own).auth.me()).csrfToken).toBe(own["x-csrf-token"]);
    expect([await statusOf(second, own, "/apiTokens", { note: "x" }), await statusOf(first, other)]).toEqual([
      201, 200,
    ]);
    await end(own, other, user);
    await soon(() => statusOf(second, own)).toBe(401);
    expect(await statusOf(first, own)).toBe(401);
  });

  test.each<[string, number, (id: string, user: TestUser) => Promise<unknown>]>([
    ["revoking it", 401, async (id) => (await owner()).apiTokens.delete({ params: { id } })],
    ["regenerating it", 401, async (id) => (await owner()).apiTokens.regenerate({ params: { id } })],
    [
      "narrowing its scopes",
      403,
      async (id) => (await owner()).apiTokens.update({ params: { id }, body: { scopes: ["sources:read"] } }),
    ],
    [
      "an administrator who revokes it",
      401,
      async (tokenId, { id }) => (await admin()).users.revokeApiToken({ params: { id, tokenId } }),
    ],
    [
      "a role that is taken from its owner",
      403,
      async (_id, { id }) => {
        // In person: no token gives a role with scopes that it lacks itself.
        const person = first.client(await first.signIn(await first.createUser(["admin"])));
        await person.users.update({ params: { id }, body: { roles: ["secret_reader"] } });
      },
    ],
    [
      "an owner who is disabled",
      401,
      async (_id, { id }) => (await admin()).users.update({ params: { id }, body: { enabled: false } }),
    ],
    ["an owner who is deleted", 401, async (_id, { id }) => (await admin()).users.delete({ params: { id } })],
  ])("a token that the other node remembers is refused there: %s", async (_name, status, end) => {
    tokenOwner = await first.createUser(["analyst"]);
    const { id, token } = await (await owner()).apiTokens.create({ body: { note: "x" } });
    const there = { authorization: `Bearer ${token}` };
    expect(await statusOf(second, there, "/requests")).toBe(200);
    await end(id, tokenOwner);
    await soon(() => statusOf(second, there, "/requests")).toBe(status);
  });
  let tokenOwner: TestUser;
  const owner = async () => first.client(await first.signIn(tokenOwner));

  test("a role that is taken away or given, for a session and for HTTP Basic", async () => {
    const user = await first.createUser(["viewer"]);
    const [session, client] = [await second.signIn(user), await admin()];
    const statuses = async () =>
      Promise.all([session, basic(user)].map((headers) => statusOf(second, headers, "/users")));
    expect(await statuses()).toEqual([403, 403]);
    await client.users.update({ params: { id: user.id }, body: { roles: ["admin"] } });
    await soon(statuses).toEqual([200, 200]);
    await client.users.update({ params: { id: user.id }, body: { roles: ["viewer"] } });
    await soon(statuses).toEqual([403, 403]);
    await client.users.update({ params: { id: user.id }, body: { enabled: false } });
    await soon(statuses).toEqual([401, 401]);
  });

  test("server settings: HTTP Basic, limits, the length of passwords, what lookups are by default", async () => {
    const client = await admin();
    const user = await first.createUser(["viewer"]);
    const [token, session] = [await first.token(), await second.signIn(user)];
    const policy = async () => (await ask(second, token)).headers.get("ratelimit-policy");
    const body = { currentPassword: testPassword, newPassword: "brittle quartz" };
    expect([await statusOf(second, basic(user)), await policy()]).toEqual([200, '"token";q=6000;w=60']);

    await client.config.update({
      body: { basicEnabled: false, callsPerToken: 500, passwordLengthMin: 20, defaultTlp: "AMBER" },
    });
    expect(first.backend.settings.current()).toMatchObject({ basicEnabled: false, defaultTlp: "AMBER" });
    await soon(() => statusOf(second, basic(user))).toBe(401);
    await soon(policy).toBe('"token";q=500;w=60');
    await soon(() => statusOf(second, session, "/auth/password", body)).toBe(400);
    await soon(() => second.backend.settings.current().defaultTlp).toBe("AMBER");

    const refused = client.config.update({ body: { lookupDeadlineMs: 1, defaultTlp: "RED" } });
    await expect(refused).rejects.toMatchObject({ problem: { errors: [{ field: "body.lookupDeadlineMs" }] } });
    const back = { basicEnabled: null, callsPerToken: null, passwordLengthMin: null, defaultTlp: null };
    await client.config.update({ body: back });
    await soon(() => statusOf(second, basic(user))).toBe(200);
    await soon(() => second.backend.settings.current().defaultTlp).toBe("GREEN");
    await soon(() => second.backend.settings.current().passwordLengthMin).toBe(12);
    // Judging a password takes as long as it takes.
    expect(await statusOf(second, session, "/auth/password", body)).toBe(204);
  });

  test("a secret: that it is assigned, that it has another value, that it is gone", async () => {
    const slot = { name: "KEY", hosts: ["api.example.org"], exposed: true };
    const { id } = await newSource("export const fetchData = (i, { secrets }) => ({ data: secrets.KEY.length });", [
      slot,
    ]);
    const client = await admin();
    const there = second.client(await first.token());
    const answered = async () => {
      const { answers } = await there.requests.execute({ query: { data: "192.0.2.1", sourceIds: id } });
      return answers.map(({ problems, data }) => problems[0]?.code ?? data);
    };
    expect(await answered()).toEqual(["MISSING_SECRET"]);
    const secret = await client.secrets.create({ body: { name: "Key", value: "0123456789", hosts: slot.hosts } });
    const slots = [{ name: "KEY", secretIds: [secret.id] }];
    await client.sources.assignSecrets({ params: { id }, body: { slots } });
    await soon(answered).toEqual([10]);
    await client.secrets.update({ params: { id: secret.id }, body: { value: "0123456789abcdef" } });
    await soon(answered).toEqual([16]);
    await client.secrets.delete({ params: { id: secret.id } });
    await soon(answered).toEqual(["MISSING_SECRET"]);
  });

  test("a stream of the other node ends with its token, its session or its account", async () => {
    const { id: sourceIds } = await newSource("export const fetchData = () => new Promise(() => {});");
    const watch = async (headers: Headers) => {
      const path = `/requests/execute/sse?data=192.0.2.1&sourceIds=${sourceIds}`;
      const stream = (await ask(second, headers, path)).body ?? expect.unreachable();
      let [text, ended] = ["", false];
      void (async () => {
        for await (const part of stream.pipeThrough(new TextDecoderStream())) text += part;
        ended = true;
      })();
      await expect.poll(() => text).toContain("fetching_start");
      return () => (ended ? /event: error\ndata: .*"code":"(\w+)"/.exec(text)?.[1] : "open");
    };
    const user = await first.createUser(["analyst"]);
    const session = await first.signIn(user);
    const { id, token } = await first.client(session).apiTokens.create({ body: { note: "x" } });
    const ofToken = await watch({ authorization: `Bearer ${token}` });
    const ofSession = await watch({ cookie: session.cookie });
    const ofBasic = await watch(basic(user));

    await first.client(session).apiTokens.delete({ params: { id } });
    await soon(ofToken).toBe("UNAUTHENTICATED");
    expect([ofSession(), ofBasic()]).toEqual(["open", "open"]);
    await first.client(session).auth.logout();
    await soon(ofSession).toBe("UNAUTHENTICATED");
    expect(ofBasic()).toBe("open");
    await (await admin()).users.update({ params: { id: user.id }, body: { roles: ["viewer"] } });
    await soon(ofBasic).toBe("FORBIDDEN");
  });

  test("calls are counted together through Redis, else by each node", async () => {
    await (await admin()).config.update({ body: { callsPerToken: 60 } });
    await soon(() => second.backend.settings.current().callsPerToken).toBe(60);
    const token = await first.token();
    const refusals = async (node: TestBackend, calls: number) =>
      (await Promise.all(Array.from({ length: calls }, () => statusOf(node, token)))).filter((it) => it === 429).length;
    const refused = [await refusals(first, 40), await refusals(second, 40)];
    await (await admin()).config.update({ body: { callsPerToken: null } });
    expect(refused).toEqual(when === "with Redis" ? [0, 20] : [0, 0]);
  });
});
