import { setImmediate } from "node:timers/promises";
import type { Client } from "@assay/contract";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { jobs } from "../../background/jobs.ts";
import { systemClock } from "../../context.ts";
import { newId } from "../../ids.ts";
import { startTestBackend, type TestBackend, testPassword } from "../../testing.ts";
import { createPasswordStrength } from "./password-strength.ts";

let backend: TestBackend;
let admin: Client;
const anybody = () => backend.client({});
beforeAll(async () => {
  backend = await startTestBackend();
  admin = backend.client(await backend.token());
});
beforeEach(() => admin.config.update({ body: { signUpEnabled: true, trustedProxies: ["127.0.0.1"] } }));
afterEach(() => backend.db.prisma.user.deleteMany({ where: { awaitingApproval: true } }));
afterAll(() => backend.close());

const newEmail = () => `${newId()}@example.org`;
let nextAddress = 1;
/** From an address of its own, so that tests do not use up each other's tries. */
const signUp = async (body: object, address = `192.0.2.${nextAddress++}`): Promise<Response> =>
  fetch(`${backend.url}/api/v1/auth/signup`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-forwarded-for": address },
    body: JSON.stringify(body),
  });
const login = (email: string, password: string) => anybody().auth.login({ body: { email, password } });
const refused = { problem: { code: "UNAUTHENTICATED", detail: "The e-mail address or the password is wrong." } };
const waiting = async () => (await admin.users.list({ query: { awaitingApproval: "true" } })).items;

describe("signing up", () => {
  test("gives an account that works once an administrator has said as what, and all of it is told", async () => {
    const email = newEmail();
    expect((await signUp({ email: email.toUpperCase(), name: "Ada", password: testPassword })).status).toBe(202);
    await expect(login(email, testPassword)).rejects.toMatchObject(refused);
    const [account] = await waiting();
    expect(account).toMatchObject({ email, name: "Ada", roles: [], enabled: false, hasPassword: true });
    const params = { id: account?.id ?? "" };
    await expect(admin.users.update({ params, body: { enabled: true } })).rejects.toMatchObject({
      problem: { errors: [{ field: "body.roles", message: expect.stringContaining("is missing") }] },
    });
    await admin.users.update({ params, body: { enabled: true, roles: ["analyst"] } });
    expect((await login(email, testPassword)).user.roles).toEqual(["analyst"]);
    expect(await waiting()).toEqual([]);
    // Once let in it is as any other: disabled, it does not wait again.
    await admin.users.update({ params, body: { enabled: false } });
    expect(await waiting()).toEqual([]);
    const { items } = await admin.events.list({ query: { objectId: params.id } });
    expect(items.map(({ action, actor }) => [action, actor.type])).toEqual([
      ["user.update", "apiToken"],
      ["user.signIn", "user"],
      ["user.approve", "apiToken"],
      ["user.signUp", "anonymous"],
    ]);
    expect(items[2]?.changes).toContainEqual({ field: "awaitingApproval", before: true, after: false });
  });

  test("answers the same for an address that is known, and changes nothing for whoever has it", async () => {
    const [user, waits] = [await backend.createUser(["viewer"]), newEmail()];
    const answers = [];
    for (const email of [waits, waits, user.email, newEmail()]) {
      const response = await signUp({ email, password: "a stranger’s long secret 77" });
      answers.push({ status: response.status, body: await response.json(), cookies: response.headers.getSetCookie() });
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect((await login(user.email, user.password)).user.id).toBe(user.id);
    // The first to ask stays the one who has asked: nobody else's password comes in.
    await admin.users.update({
      params: { id: (await waiting()).find(({ email }) => email === waits)?.id ?? "" },
      body: { enabled: true, roles: ["viewer"] },
    });
    await expect(login(waits, "not that one, of course")).rejects.toMatchObject(refused);
  });

  test("declines by deleting, and forgets after 30 days who was not approved", async () => {
    const [declined, old, fresh] = [newEmail(), newEmail(), newEmail()];
    for (const email of [declined, old, fresh]) await signUp({ email, password: testPassword });
    const { id } = (await waiting()).find(({ email }) => email === declined) ?? { id: "" };
    await admin.users.delete({ params: { id } });
    expect((await admin.events.list({ query: { action: "user.decline" } })).items[0]?.object.name).toBe(declined);
    const createdAt = new Date(Date.now() - 31 * 24 * 60 * 60 * 1000);
    await backend.db.prisma.user.update({ where: { email: old }, data: { createdAt } });
    const { log } = backend.backend;
    const job = jobs(backend.backend).find(({ name }) => name === "user.expire");
    const signal = AbortSignal.timeout(30_000);
    await job?.run({ db: backend.db, clock: systemClock, log, actor: { type: "system" }, origin: null, signal });
    expect((await waiting()).map(({ email }) => email)).toEqual([fresh]);
    expect((await admin.events.list({ query: { action: "user.expire" } })).items).toMatchObject([
      { actor: { type: "system" }, object: { name: old } },
    ]);
  });

  test("is bounded: by the tries of an address, and by how many may wait, whoever asks", async () => {
    const tries = [];
    for (let count = 0; count < 21; count++)
      tries.push(await signUp({ email: newEmail(), password: "x".repeat(12) }, "192.0.2.250"));
    expect(tries.map(({ status }) => status)).toEqual([...Array.from({ length: 20 }, () => 400), 429]);
    expect(Number(tries.at(-1)?.headers.get("retry-after"))).toBeGreaterThan(60);
    const user = await backend.createUser(["viewer"]);
    const now = new Date();
    const rows = Array.from({ length: 100 }, () => ({ id: newId(), email: newEmail(), name: "", roles: [] }));
    const state = { enabled: false, awaitingApproval: true, createdAt: now, updatedAt: now };
    await backend.db.prisma.user.createMany({ data: rows.map((row) => ({ ...row, ...state })) });
    for (const email of [newEmail(), user.email]) {
      const full = await signUp({ email, password: testPassword });
      expect([full.status, ((await full.json()) as { detail: string }).detail]).toEqual([
        503,
        expect.stringContaining("Too many people wait"),
      ]);
    }
  });
});

test.each([
  ["the owner's address and name", "Ada Lovelace 1"],
  ["a common password made longer", "P@ssw0rd2024"],
  ["one character again and again", "aaaaaaaaaaaaaaaa"],
  ["a row of keys", "qwertyuiop123"],
])("a password that is %s is refused with what to do", async (_what, password) => {
  const response = await signUp({ email: "ada@lovelace.example", name: "Ada Lovelace", password });
  expect(await response.json()).toMatchObject({
    code: "VALIDATION_FAILED",
    errors: [{ field: "body.password", message: expect.stringMatching(/^is too easy to guess\. .+\.$/) }],
  });
});

test("a long password is judged in bounded work, while the process does other things", async () => {
  const strength = createPasswordStrength();
  const judged = strength.estimate("4@8({[<369|1!/|0$5+7%2".repeat(10).slice(0, 200), []);
  expect(await Promise.race([judged.then(() => "judged"), setImmediate("other things")])).toBe("other things");
  expect((await judged).score).toBe(4);
  await strength.close();
});
