import { Problem } from "@assay/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestBackend, type TestBackend, testPassword, type TestUser } from "../../testing.ts";

let backend: TestBackend;
beforeAll(async () => {
  backend = await startTestBackend();
});
afterAll(() => backend.close());

const basic = ({ email, password }: Pick<TestUser, "email" | "password">): { authorization: string } => ({
  authorization: `Basic ${Buffer.from(`${email}:${password}`).toString("base64")}`,
});

async function send(path: string, headers: Record<string, string>, body?: unknown): Promise<Response> {
  return fetch(`${backend.url}/api/v1${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { ...headers, ...(body !== undefined && { "content-type": "application/json" }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

const problemOf = async (response: Response): Promise<Problem> => Problem.parse(await response.json());
const login = (email: string, password: string, headers: Record<string, string> = {}) =>
  send("/auth/login", headers, { email, password });

describe("sessions", () => {
  test("the cookie is out of reach of scripts and other sites, and the database has neither its id nor its CSRF token", async () => {
    const response = await login(backend.admin.email, testPassword);
    const [cookie = ""] = response.headers.getSetCookie();
    expect(cookie).toMatch(/^assay\.sid=s%3A[^;]+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/);
    const rows = await backend.db.prisma.session.findMany();
    expect(rows.length).toBeGreaterThan(0);
    const id = /s%3A([\w-]+)\./.exec(cookie)?.[1] ?? "";
    expect(id.length).toBeGreaterThanOrEqual(32);
    const { csrfToken } = (await response.json()) as { csrfToken: string };
    for (const secret of [id, csrfToken]) expect(JSON.stringify(rows)).not.toContain(secret);
  });

  test("signing out leaves the browser no cookie and the database no session", async () => {
    const user = await backend.createUser(["viewer"]);
    const session = await backend.signIn(user);
    const before = await backend.db.prisma.session.count();
    for (const path of ["/auth/logout", "/auth/signOutEverywhere"]) {
      const own = await backend.signIn(user);
      const response = await fetch(`${backend.url}/api/v1${path}`, { method: "POST", headers: own });
      expect(response.headers.getSetCookie()).toEqual([
        "assay.sid=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax",
      ]);
    }
    expect((await send("/auth/me", session)).status).toBe(401);
    expect(await backend.db.prisma.session.count()).toBe(before - 1);
  });

  test("signing in gives a new session, whatever cookie came along", async () => {
    const before = await backend.signIn();
    const response = await login(backend.admin.email, testPassword, { cookie: before.cookie });
    const after = response.headers.getSetCookie()[0]?.split(";", 1)[0] ?? "";
    expect(after).not.toBe(before.cookie);
    expect((await send("/auth/me", before)).status).toBe(401);
    expect((await send("/auth/me", { cookie: after })).status).toBe(200);
  });

  test("what changes something needs the session's CSRF token; another site gets nowhere even with GET", async () => {
    const { cookie, "x-csrf-token": csrf } = await backend.signIn();
    const other = await backend.signIn();
    const create = (headers: Record<string, string>) => send("/apiTokens", { cookie, ...headers }, { note: "x" });
    for (const headers of [{}, { "x-csrf-token": "" }, { "x-csrf-token": other["x-csrf-token"] }]) {
      expect(await problemOf(await create(headers))).toMatchObject({ status: 403, code: "CSRF" });
    }
    expect((await create({ "x-csrf-token": csrf })).status).toBe(201);
    for (const from of ["cross-site", "same-site"]) {
      const elsewhere = await send("/requests/execute?data=192.0.2.1", { cookie, "sec-fetch-site": from });
      expect(await problemOf(elsewhere)).toMatchObject({ code: "CSRF" });
    }
  });

  test("a form of another site cannot sign anybody in", async () => {
    const response = await fetch(`${backend.url}/api/v1/auth/login`, {
      method: "POST",
      body: new URLSearchParams({ email: backend.admin.email, password: testPassword }),
    });
    expect(await problemOf(response)).toMatchObject({ code: "UNSUPPORTED_MEDIA_TYPE" });
  });

  test("a session ends with its user being disabled, and with its time", async () => {
    const user = await backend.createUser(["viewer"]);
    const session = await backend.signIn(user);
    expect((await send("/auth/me", session)).status).toBe(200);
    await backend.db.prisma.user.update({ where: { id: user.id }, data: { enabled: false } });
    expect((await send("/auth/me", session)).status).toBe(401);
    const own = await backend.signIn();
    await backend.db.prisma.session.updateMany({ data: { expire: new Date(0) } });
    expect((await send("/auth/me", own)).status).toBe(401);
  });

  test("a new password ends the other sessions and the old password at once, also where HTTP Basic had remembered it", async () => {
    const user = await backend.createUser(["viewer"]);
    expect((await send("/auth/me", basic(user))).status).toBe(200);
    const [kept, other] = [await backend.signIn(user), await backend.signIn(user)];
    const newPassword = "another long password";
    const change = (currentPassword: string) => send("/auth/password", kept, { currentPassword, newPassword });
    expect(await problemOf(await change("wrong"))).toMatchObject({
      errors: [{ field: "body.currentPassword", message: "is not your password" }],
    });
    expect((await change(testPassword)).status).toBe(204);
    expect((await send("/auth/me", kept)).status).toBe(200);
    expect((await send("/auth/me", other)).status).toBe(401);
    expect((await send("/auth/me", basic(user))).status).toBe(401);
    expect((await send("/auth/me", basic({ ...user, password: newPassword }))).status).toBe(200);
  });
});

describe("HTTP Basic", () => {
  test("needs no CSRF token, takes colons and letters of any script, and is no session", async () => {
    const response = await send("/apiTokens", basic(backend.admin), { note: "from a script" });
    expect([response.status, response.headers.getSetCookie()]).toEqual([201, []]);
    const passwords = await send("/auth/password", basic(backend.admin), {
      currentPassword: testPassword,
      newPassword: "whatever it may be",
    });
    expect(await problemOf(passwords)).toMatchObject({ code: "FORBIDDEN" });
    for (const password of ["a:b:c", "пароль-密码"]) {
      const wrong = await send("/auth/me", basic({ email: "nobody@example.org", password }));
      expect((await problemOf(wrong)).detail).toBe("The e-mail address or the password is wrong.");
    }
    for (const authorization of ["Basic !!!", "Basic YWJj", "Digest x", "Bearer"]) {
      expect(await problemOf(await send("/auth/me", { authorization }))).toMatchObject({ code: "UNAUTHENTICATED" });
    }
  });

  test("many calls at once are one check of the password", async () => {
    const user = await backend.createUser(["viewer"]);
    const answers = await Promise.all(Array.from({ length: 40 }, () => send("/auth/me", basic(user))));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });
});

describe("guessing", () => {
  test("ten wrong passwords close the account's door for a while, whichever way they came, and no other's", async () => {
    const [user, neighbour] = [await backend.createUser(["viewer"]), await backend.createUser(["viewer"])];
    for (let count = 0; count < 5; count++) {
      expect((await login(user.email, `wrong-${count}`)).status).toBe(401);
      expect((await send("/auth/me", basic({ ...user, password: `wrong-${count}` }))).status).toBe(401);
    }
    const refused = await login(user.email, testPassword);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(60);
    expect(await problemOf(refused)).toMatchObject({ status: 429, code: "TOO_MANY_REQUESTS" });
    expect((await send("/auth/me", basic(user))).status).toBe(429);
    expect((await login(neighbour.email, testPassword)).status).toBe(200);
  });

  test("a right password clears the count, and an unknown user looks like a wrong password", async () => {
    const user = await backend.createUser(["viewer"]);
    for (let round = 0; round < 3; round++) {
      for (let count = 0; count < 4; count++) await login(user.email, "wrong");
      expect((await login(user.email, testPassword)).status).toBe(200);
    }
    const unknown = await problemOf(await login("unknown@example.org", "wrong"));
    const wrong = await problemOf(await login(user.email, "wrong"));
    const ids = { traceId: "", requestId: "" };
    expect({ ...unknown, ...ids }).toEqual({ ...wrong, ...ids });
  });
});
