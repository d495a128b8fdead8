import type { ApiTokenInput, Client } from "@assay/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "../../ids.ts";
import { startTestBackend, type TestBackend } from "../../testing.ts";

let backend: TestBackend;
let owner: Client;
beforeAll(async () => {
  backend = await startTestBackend();
  owner = backend.client(await backend.token());
});
afterAll(() => backend.close());

const make = async (input: Partial<ApiTokenInput>) => {
  const { id, token } = await owner.apiTokens.create({ body: { note: "x", ...input } });
  const headers = { authorization: `Bearer ${token}` };
  return { id, headers, client: backend.client(headers) };
};
const forbidden = { problem: { status: 403, code: "FORBIDDEN" } };

test("a lookup has the markings of its call, else of its token, else of the server", async () => {
  const { id, headers, client } = await make({ tlp: "AMBER", pap: "RED" });
  const markings = async (asked: object) => {
    const { tlp, pap } = await client.requests.create({ body: { data: "192.0.2.1", ...asked } });
    return [tlp, pap];
  };
  expect(await markings({})).toEqual(["AMBER", "RED"]);
  expect(await markings({ tlp: "CLEAR", pap: "AMBER" })).toEqual(["CLEAR", "AMBER"]);
  expect((await client.requests.execute({ query: { data: "192.0.2.1" } })).tlp).toBe("AMBER");
  const stream = await fetch(`${backend.url}/api/v1/requests/execute/sse?data=192.0.2.1`, { headers });
  expect(await stream.text()).toContain('"tlp":"AMBER","pap":"RED"');
  await owner.apiTokens.update({ params: { id }, body: { tlp: null, pap: null } });
  expect(await markings({})).toEqual(["GREEN", "GREEN"]);
  const { items } = await owner.events.list({ query: { objectId: id, action: "apiToken.update" } });
  expect(items[0]?.changes).toContainEqual({ field: "tlp", before: "AMBER", after: null });
});

test("with a bound it starts nothing above, whoever says so, and what is above is not there, its owner's own included", async () => {
  const { id, headers, client } = await make({ maxTlp: "GREEN" });
  const data = "192.0.2.2";
  const green = await client.requests.create({ query: { wait: "20s" }, body: { data } });
  const amber = await owner.requests.create({ query: { wait: "20s" }, body: { data, tlp: "AMBER" } });
  for (const call of [
    client.requests.create({ body: { data, tlp: "AMBER" } }),
    client.requests.execute({ query: { data, tlp: "RED" } }),
    client.indicators.plan({ body: { indicators: [data], tlp: "AMBER" } }),
  ])
    await expect(call).rejects.toMatchObject(forbidden);
  await owner.config.update({ body: { defaultTlp: "AMBER" } });
  await expect(client.requests.create({ body: { data } })).rejects.toMatchObject({
    problem: { status: 403, detail: expect.stringContaining("TLP:AMBER, which holds where the call does not say") },
  });
  await owner.config.update({ body: { defaultTlp: null } });

  await expect(client.requests.get({ params: { id: amber.id } })).rejects.toMatchObject({ problem: { status: 404 } });
  const seen = async () => ({
    list: (await client.requests.list({ query: { data } })).items.map((item) => item.id),
    history: (await client.requests.history({ params: { id: green.id } })).seen.count,
    stream: (await fetch(`${backend.url}/api/v1/requests/${amber.id}/events`, { headers })).status,
    file: await (await fetch(`${backend.url}/api/v1/requests/export?format=jsonl&data=${data}`, { headers })).text(),
  });
  const bound = await seen();
  expect(bound).toMatchObject({ list: [green.id], history: 0, stream: 404 });
  expect(bound.file).not.toContain(amber.id);
  await owner.apiTokens.update({ params: { id }, body: { maxTlp: "AMBER" } });
  expect(await seen()).toMatchObject({ list: [amber.id, green.id], history: 1, stream: 200 });
});

test("a bound cannot be shaken off through another token, and a default above it is refused", async () => {
  const { client } = await make({ maxTlp: "GREEN" });
  const free = await make({});
  const inherited = await client.apiTokens.create({ body: { note: "child" } });
  const child = (await owner.apiTokens.list()).items.find(({ id }) => id === inherited.id);
  expect(child?.maxTlp).toBe("GREEN");
  const params = { id: inherited.id };
  for (const call of [
    client.apiTokens.create({ body: { note: "x", maxTlp: null } }),
    client.apiTokens.create({ body: { note: "x", maxTlp: "RED" } }),
    client.apiTokens.update({ params, body: { maxTlp: null } }),
  ])
    await expect(call).rejects.toMatchObject({
      problem: { errors: [{ field: "body.maxTlp", message: "must be GREEN or less, as of the token that you use" }] },
    });
  await expect(client.apiTokens.regenerate({ params: { id: free.id } })).rejects.toMatchObject(forbidden);
  await expect(client.apiTokens.update({ params, body: { tlp: "AMBER" } })).rejects.toMatchObject({
    problem: { errors: [{ field: "body.tlp" }] },
  });
  expect((await client.apiTokens.update({ params, body: { maxTlp: "CLEAR", tlp: "CLEAR" } })).maxTlp).toBe("CLEAR");
});

test("with a bound it is no way to what is above through accounts, the cache or the audit log", async () => {
  const { client } = await make({ maxTlp: "CLEAR" });
  const waiting = { roles: [], enabled: false, awaitingApproval: true, name: "", createdAt: new Date() };
  const id = newId();
  await backend.db.prisma.user.create({ data: { id, email: `${id}@example.org`, updatedAt: new Date(), ...waiting } });
  const other = await backend.createUser(["viewer"]);
  for (const call of [
    () => client.users.resetPassword({ params: { id: backend.admin.id } }),
    () => client.users.resetPassword({ params: { id: other.id } }),
    () => client.users.create({ body: { email: "new@example.org", roles: ["viewer"], withPassword: false } }),
    () => client.users.update({ params: { id: other.id }, body: { roles: ["viewer", "analyst"] } }),
    () => client.users.update({ params: { id }, body: { roles: ["viewer"], enabled: true } }),
  ])
    await expect(call()).rejects.toMatchObject({
      problem: { code: "FORBIDDEN", detail: expect.stringContaining("up to TLP:CLEAR only, and an account has no") },
    });
  await client.users.update({ params: { id: other.id }, body: { enabled: false } });

  for (const call of [
    () => client.cache.get(),
    () => client.cache.entries({ query: { data: "192.0.2.9" } }),
    () => client.cache.clear({ query: { data: "192.0.2.9" } }),
    () => client.events.list({}),
    () => client.users.logs({ params: { id: other.id } }),
  ])
    await expect(call()).rejects.toMatchObject({
      problem: { code: "FORBIDDEN", detail: expect.stringContaining("has no TLP. Use a token without a highest TLP") },
    });
});

test("with a bound an Idempotency-Key of a lookup above is taken, whatever it is used for", async () => {
  const { headers } = await make({ maxTlp: "CLEAR" });
  const start = (by: Record<string, string>, body: object) =>
    fetch(`${backend.url}/api/v1/requests?wait=20s`, {
      method: "POST",
      headers: { ...by, "content-type": "application/json", "idempotency-key": "of-one-above" },
      body: JSON.stringify(body),
    });
  expect((await start(await backend.token(), { data: "192.0.2.8", tlp: "RED" })).status).toBe(201);
  const details = [];
  for (const data of ["192.0.2.8", "192.0.2.9"]) {
    const response = await start(headers, { data, tlp: "CLEAR" });
    expect(response.status).toBe(409);
    details.push(((await response.json()) as { detail: string }).detail);
  }
  expect(details[0]).toBe(details[1]);
});
