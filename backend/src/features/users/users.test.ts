import { type Role, scopesOfRoles } from "@assay/contract";
import { newId } from "../../ids.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestUser } from "../../testing.ts";
import { type ServedBackend, startServedBackend } from "../../testing-served.ts";

let backend: ServedBackend;
beforeAll(async () => {
  backend = await startServedBackend();
});
afterAll(() => backend.close());

const administrator = async () => backend.client(await backend.token());
const patch = (id: string, body: object) => async () => (await administrator()).users.update({ params: { id }, body });

test("nobody changes their own roles, disables or deletes themselves, so that one administrator always stays", async () => {
  const { id } = backend.admin;
  const conflict = { problem: { code: "CONFLICT" } };
  await expect(patch(id, { roles: ["viewer"] })()).rejects.toMatchObject(conflict);
  await expect(patch(id, { enabled: false })()).rejects.toMatchObject(conflict);
  await expect((await administrator()).users.delete({ params: { id } })).rejects.toMatchObject(conflict);
  expect((await patch(id, { name: "Chief" })()).name).toBe("Chief");
});

test("two administrators who demote each other at the same time do not both succeed", async () => {
  await backend.db.prisma.user.updateMany({ data: { enabled: false } });
  const both: TestUser[] = [await backend.createUser(["admin"]), await backend.createUser(["admin"])];
  const clients = await Promise.all(both.map(async (user) => backend.client(await backend.token({ user }))));
  const ends = await Promise.allSettled(
    both.map((_, index) =>
      Promise.resolve(
        clients[index]?.users.update({ params: { id: both[1 - index]?.id ?? "" }, body: { roles: ["viewer"] } }),
      ),
    ),
  );
  expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  await backend.db.prisma.user.updateMany({ data: { enabled: true } });
});

test("what is done to an account is on record, without its password", async () => {
  const client = await administrator();
  const { user, password } = await client.users.create({
    body: { email: `${newId()}@example.org`, roles: ["viewer"] },
  });
  const params = { id: user.id };
  await client.users.update({ params, body: { roles: ["analyst"] } });
  const { password: second } = await client.users.resetPassword({ params });
  const events = await backend.db.prisma.event.findMany({ where: { objectId: user.id }, orderBy: { sequence: "asc" } });
  expect(events.map(({ action, actorId }) => [action, actorId])).toEqual(
    ["user.create", "user.update", "user.resetPassword"].map((action) => [action, backend.admin.id]),
  );
  expect(events[1]?.changes).toEqual([{ field: "roles", before: ["viewer"], after: ["analyst"] }]);
  const text = JSON.stringify(events, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
  expect(text).not.toContain(password);
  expect(text).not.toContain(second);
});

test.each(["the token is revoked", "the account is disabled", "the session ends"] as const)(
  "a stream ends when %s",
  async (what) => {
    const user = await backend.createUser(["analyst"]);
    const client = await administrator();
    const provider = await client.providers.create({ body: { name: `P ${newId()}` } });
    const never = "export const fetchData = () => new Promise(() => {});";
    const source = await client.sources.create({
      body: {
        name: "Never",
        providerId: provider.id,
        language: "JAVASCRIPT",
        code: never,
        supportedIndicators: ["IPV4"],
        exposure: "local",
        timeoutMs: 60_000,
      },
    });
    const headers = what === "the session ends" ? await backend.signIn(user) : await backend.token({ user });
    const query = `data=192.0.2.9&sourceIds=${source.id}`;
    const response = await fetch(`${backend.url}/api/v1/requests/execute/sse?${query}`, { headers: { ...headers } });
    const reader = response.body?.getReader();
    await reader?.read();
    const [token] = (await client.users.apiTokens({ params: { id: user.id } })).items;
    if (what === "the account is disabled") await patch(user.id, { enabled: false })();
    else if (what === "the session ends") await client.users.signOut({ params: { id: user.id } });
    else await client.users.revokeApiToken({ params: { id: user.id, tokenId: token?.id ?? "" } });
    let text = "";
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      text += Buffer.from(part.value).toString("utf8");
    }
    expect(text).toContain('"code":"UNAUTHENTICATED"');
    await client.sources.delete({ params: { id: source.id } });
  },
);

test("a token makes and opens only accounts that can do no more than it can", async () => {
  const scopes = [...scopesOfRoles(["viewer"]), "users:read", "users:write"] as const;
  const narrow = backend.client(await backend.token({ scopes }));
  const whole = backend.client(await backend.token());
  const lacks = (scope: string) => ({ problem: { code: "FORBIDDEN", detail: expect.stringContaining(scope) } });
  const body = (roles: Role[]) => ({ email: `${newId()}@example.org`, roles });
  const { user } = await narrow.users.create({ body: body(["viewer"]) });
  const params = { id: user.id };
  await narrow.users.resetPassword({ params });
  const administrator = await backend.createUser(["admin"]);
  for (const call of [
    () => narrow.users.create({ body: body(["analyst"]) }),
    () => narrow.users.update({ params, body: { roles: ["admin"] } }),
    () => narrow.users.update({ params: { id: administrator.id }, body: { roles: ["viewer"] } }),
    () => narrow.users.resetPassword({ params: { id: administrator.id } }),
    () => narrow.users.resetPassword({ params: { id: backend.admin.id } }),
  ])
    await expect(call()).rejects.toMatchObject(lacks("requests:run"));
  await expect(whole.users.create({ body: body(["secret_reader"]) })).rejects.toMatchObject(lacks("secrets:reveal"));
  expect((await whole.users.get({ params })).roles).toEqual(["viewer"]);
  await narrow.users.update({ params: { id: administrator.id }, body: { enabled: false } });
  await expect(() =>
    narrow.users.update({ params: { id: administrator.id }, body: { enabled: true } }),
  ).rejects.toMatchObject(lacks("requests:run"));
  const inPerson = backend.client(await backend.signIn());
  await inPerson.users.create({ body: body(["admin", "secret_reader"]) });
});
