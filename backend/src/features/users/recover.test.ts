import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "../../ids.ts";
import { startTestBackend, type TestBackend } from "../../testing.ts";

const command = fileURLToPath(new URL("../../reset-password.ts", import.meta.url));
let backend: TestBackend;
beforeAll(async () => {
  backend = await startTestBackend();
});
afterAll(() => backend.close());

/** Runs the command on the database of a backend that serves. */
async function reset(...args: string[]): Promise<{ exitCode: number; output: string; errors: string }> {
  const env = { DATABASE_URL: backend.databaseUrl };
  const child = spawn(process.execPath, [command, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  const [[exitCode], output, errors] = await Promise.all([
    once(child, "close") as Promise<[number]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { exitCode, output, errors };
}
const passwordOf = (output: string): string => / is (\w{20}) /.exec(output)?.[1] ?? "";

test("gives a disabled account a new password, ends its sessions, and tells who did it without the password", async () => {
  const user = await backend.createUser(["viewer"]);
  const session = backend.client(await backend.signIn(user));
  await backend.db.prisma.user.update({ where: { id: user.id }, data: { enabled: false } });
  const { exitCode, output } = await reset(user.email.toUpperCase());
  expect([exitCode, output]).toEqual([0, expect.stringContaining("Roles: viewer.")]);
  const login = await backend.client({}).auth.login({ body: { email: user.email, password: passwordOf(output) } });
  expect(login.user.roles).toEqual(["viewer"]);
  await expect(session.auth.me()).rejects.toMatchObject({ problem: { code: "UNAUTHENTICATED" } });
  const admin = backend.client(await backend.token());
  const [event] = (await admin.events.list({ query: { objectId: user.id, action: "user.resetPassword" } })).items;
  expect(event).toMatchObject({
    actor: { type: "system" },
    changes: expect.arrayContaining([
      { field: "enabled", before: false, after: true },
      { field: "passwordHash", before: "[redacted]", after: "[redacted]" },
    ]),
  });
  expect(JSON.stringify(event)).not.toContain(passwordOf(output));
});

test("--admin makes an administrator, of somebody who only signed up too; without it that is refused", async () => {
  const id = newId();
  const email = `${id}@example.org`;
  const now = new Date();
  const state = { name: "", enabled: false, awaitingApproval: true, createdAt: now, updatedAt: now };
  await backend.db.prisma.user.create({ data: { id, email, ...state } });
  expect(await reset(email)).toMatchObject({ exitCode: 1, output: "", errors: expect.stringContaining("--admin") });
  const { output } = await reset(email, "--admin");
  const login = await backend.client({}).auth.login({ body: { email, password: passwordOf(output) } });
  expect(login.user.roles).toEqual(["admin"]);
});

test("an address without an account is an error that names those who could help", async () => {
  const { exitCode, errors } = await reset("nobody@example.org");
  expect([exitCode, errors]).toEqual([
    1,
    expect.stringMatching(/^There is no account nobody@example\.org\. Administrators are .*@/),
  ]);
});
