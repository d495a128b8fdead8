import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Client, scopesOfRoles, type SecretSlot, type Source } from "@assay/contract";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { TestBackend } from "../../testing.ts";
import { type ServedBackend, startServedBackend } from "../../testing-served.ts";

/** An upstream that knows its keys by their beginnings. */
let upstream: Server;
let host: string;
const keysSeen: (string | undefined)[] = [];
let first: ServedBackend;
let second: TestBackend;
let client: Client;
const said: string[] = [];
beforeAll(async () => {
  upstream = createServer((request, response) => {
    const key = request.headers["x-key"]?.toString();
    keysSeen.push(key);
    const status = key?.startsWith("good") ? 200 : key?.startsWith("busy") ? 429 : 401;
    response.writeHead(status, { "content-type": "application/json", "retry-after": "3600" });
    response.end(JSON.stringify({ echo: request.headers }));
  }).listen(0, "127.0.0.1");
  await once(upstream, "listening");
  host = `127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  vi.spyOn(process.stdout, "write").mockImplementation((text) => said.push(String(text)) > 0);
  first = await startServedBackend({ runnerEnv: { ASSAY_EGRESS_ALLOW_PRIVATE: host }, verbose: true });
  second = await first.startBeside({ verbose: true });
  client = first.client(await first.token());
});
afterAll(async () => {
  await second.close();
  await first.close();
  upstream.close();
  vi.restoreAllMocks();
});

const code = () => `export const fetchData = async (indicator, { http, secrets, log }) => {
  log.info("with " + secrets.KEY);
  const { json } = await http.get("http://${host}/" + indicator.data, { headers: { "x-key": secrets.KEY } });
  return { data: typeof json === "function" ? json() : json };
};`;
let count = 0;
async function newSource(slot: Partial<SecretSlot> = {}, text = code()): Promise<Source> {
  const provider = await client.providers.create({ body: { name: `Provider ${++count}` } });
  return client.sources.create({
    body: {
      name: `Keyed ${count}`,
      providerId: provider.id,
      language: "JAVASCRIPT",
      code: text,
      supportedIndicators: ["IPV4"],
      exposure: "local",
      hosts: [host],
      secretSlots: [{ name: "KEY", hosts: [host], ...slot }],
    },
  });
}
const newSecret = (value: string, changes: object = {}) =>
  client.secrets.create({ body: { name: `Secret ${++count}`, value, hosts: [host], ...changes } });
const assign = (source: Source, ...secrets: { id: string }[]) =>
  client.sources.assignSecrets({
    params: { id: source.id },
    body: { slots: [{ name: "KEY", secretIds: secrets.map(({ id }) => id) }] },
  });
async function ask({ id }: Source, through = client) {
  const { answers } = await through.requests.execute({ query: { data: "192.0.2.1", sourceIds: id } });
  const [answer] = answers;
  if (!answer) throw new Error("no answer");
  return answer;
}
const get = ({ id }: { id: string }) => client.secrets.get({ params: { id } });

test("a source is asked with its secret, and not without one; nothing but the upstream ever sees the value", async () => {
  const source = await newSource();
  const missing = { outcome: "skipped", problems: [{ code: "MISSING_SECRET", slots: ["KEY"] }] };
  expect(await ask(source)).toMatchObject(missing);

  const planted = "good-planted-4711";
  const secret = await newSecret(planted);
  expect((await assign(source, secret)).slots).toMatchObject([{ state: "ready", secrets: [{ id: secret.id }] }]);
  const answer = await ask(source);
  expect(answer).toMatchObject({ outcome: "ok", problems: [] });
  expect(keysSeen.at(-1)).toBe(planted);
  await vi.waitFor(async () => expect((await get(secret)).lastUsedAt).not.toBeNull());

  const refused = client.secrets.update({ params: { id: secret.id }, body: { value: `${planted}\n` } });
  const problem = await refused.catch((error: { problem: unknown }) => error.problem);
  expect(problem).toMatchObject({
    errors: [{ field: "body.value", message: "must be one line of text, without control characters" }],
  });
  const told = [answer, problem, await client.secrets.list(), await client.requests.list(), said];
  for (const form of [planted, Buffer.from(planted).toString("hex"), Buffer.from(planted).toString("base64")]) {
    expect(JSON.stringify(told)).not.toContain(form);
    expect(await dump()).not.toContain(form);
  }

  await client.secrets.delete({ params: { id: secret.id } });
  expect(await ask(source)).toMatchObject(missing);
});

/** Every row of every table as text. */
async function dump(): Promise<string> {
  const { rows } = await first.db.pool.query<{ name: string }>(
    "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
  );
  const tables = await Promise.all(
    rows.map(({ name }) => first.db.pool.query<{ text: string }>(`SELECT t::text AS text FROM ${name} t`)),
  );
  return tables.flatMap((table) => table.rows.map(({ text }) => text)).join("\n");
}

test("secrets of one slot are used in turn; one that is at its limit rests, and when all rest the source is skipped", async () => {
  const source = await newSource();
  const pool = [await newSecret("good-a"), await newSecret("good-b")];
  await assign(source, ...pool);
  keysSeen.length = 0;
  for (let turn = 0; turn < 4; turn++) await ask(source);
  expect(keysSeen).toEqual(["good-a", "good-b", "good-a", "good-b"]);

  const busy = await newSecret("busy-c");
  await assign(source, busy, ...pool.slice(0, 1));
  keysSeen.length = 0;
  expect((await ask(source)).problems).toMatchObject([{ code: "RATE_LIMITED", retryAfterMs: 3_600_000 }]);
  for (let turn = 0; turn < 3; turn++) expect((await ask(source)).outcome).toBe("ok");
  expect(keysSeen).toEqual(["busy-c", "good-a", "good-a", "good-a"]);

  await assign(source, busy);
  expect(await ask(source)).toMatchObject({ outcome: "skipped", problems: [{ code: "BUDGET", slots: ["KEY"] }] });
  await client.secrets.update({ params: { id: busy.id }, body: { value: "good-c" } });
  expect((await ask(source)).outcome).toBe("ok");
});

test("a refused secret is marked until it is accepted or has a new value, which the other node uses as well", async () => {
  const source = await newSource();
  const secret = await newSecret("bad-1");
  await assign(source, secret);
  const there = second.client(await first.token());
  await vi.waitFor(async () => expect((await ask(source, there)).problems).toMatchObject([{ code: "UNAUTHORIZED" }]));
  await vi.waitFor(async () => expect((await get(secret)).refusedSince).not.toBeNull());

  const changed = await client.secrets.update({ params: { id: secret.id }, body: { value: "good-2" } });
  expect(changed.refusedSince).toBeNull();
  await vi.waitFor(async () => expect((await ask(source, there)).outcome).toBe("ok"), 2000);
  expect(keysSeen.at(-1)).toBe("good-2");

  await first.db.prisma.secret.update({ where: { id: secret.id }, data: { refusedSince: new Date() } });
  await first.backend.secrets.store.reload();
  await ask(source);
  await vi.waitFor(async () => expect((await get(secret)).refusedSince).toBeNull());
});

test("a secret can be tried with a source before it is assigned, and the answer is not kept", async () => {
  const source = await newSource();
  const test = async (value: string) => {
    const { id } = await newSecret(value);
    return client.secrets.test({ params: { id }, body: { sourceId: source.id, data: "192.0.2.1" } });
  };
  expect(await test("good-x")).toEqual({ verdict: "accepted", outcome: "ok", problems: [] });
  expect(await test("bad-x")).toMatchObject({ verdict: "refused", problems: [{ code: "UNAUTHORIZED" }] });
  expect(await test("busy-x")).toMatchObject({ verdict: "unclear", problems: [{ code: "RATE_LIMITED" }] });
  const answers = await client.sources.requests({ params: { id: source.id } });
  expect(answers.items).toEqual([]);
  const other = await newSecret("good-y");
  const keyless = await newSource({}, "export const fetchData = () => 1;");
  await client.sources.update({ params: { id: keyless.id }, body: { secretSlots: [] } });
  const refused = client.secrets.test({ params: { id: other.id }, body: { sourceId: keyless.id, data: "192.0.2.1" } });
  await expect(refused).rejects.toMatchObject({ problem: { errors: [{ field: "body.slot" }] } });
});

test("unsaved code of a source is lent its secrets, but only for the hosts of each secret", async () => {
  const source = await newSource();
  await assign(source, await newSecret("good-lent"));
  const author = first.client(await first.token({ user: await first.createUser(["source_author"]) }));
  const body = { language: "JAVASCRIPT" as const, code: code(), data: "192.0.2.1", hosts: [host] };
  expect((await author.sources.test({ body: { ...body, sourceId: source.id } })).outcome).toBe("ok");
  expect(keysSeen.at(-1)).toBe("good-lent");

  const elsewhere = { hosts: ["other.example.org"], secretSlots: [{ name: "KEY", hosts: ["other.example.org"] }] };
  const denied = await author.sources.test({ body: { ...body, ...elsewhere, sourceId: source.id } });
  expect(denied.problems).toMatchObject([{ code: "MISSING_SECRET", slots: ["KEY"] }]);
  const unlent = await author.sources.test({ body: { ...body, secretSlots: [{ name: "KEY", hosts: [host] }] } });
  expect(unlent.problems).toMatchObject([{ code: "MISSING_SECRET" }]);
  const exposing = [{ name: "KEY", hosts: [host], exposed: true }];
  const grab = await author.sources.test({ body: { ...body, secretSlots: exposing, sourceId: source.id } });
  expect(grab.problems).toMatchObject([
    { code: "MISSING_SECRET", message: expect.stringContaining("assign it again") },
  ]);
});

test("a source that starts to take the value itself gets it only once somebody has assigned it anew", async () => {
  const source = await newSource();
  const secret = await newSecret("good-exposed");
  await assign(source, secret);
  await client.sources.update({
    params: { id: source.id },
    body: {
      secretSlots: [{ name: "KEY", hosts: [host], exposed: true }],
      code: "export const fetchData = (indicator, { secrets }) => ({ data: secrets.KEY.length });",
    },
  });
  expect(await ask(source)).toMatchObject({ outcome: "skipped", problems: [{ code: "MISSING_SECRET" }] });
  expect((await assign(source, secret)).slots).toMatchObject([{ state: "ready" }]);
  expect(await ask(source)).toMatchObject({ outcome: "ok", data: "good-exposed".length });
});

test("only the role for it reads values: neither an administrator nor a token of one", async () => {
  const { id } = await newSecret("good-secret");
  const forbidden = { problem: { code: "FORBIDDEN", detail: expect.stringContaining("secrets:reveal") } };
  const admin = first.client(await first.signIn(await first.createUser(["admin"])));
  await expect(admin.secrets.value({ params: { id } })).rejects.toMatchObject(forbidden);
  const forged = await first.token({ scopes: [...scopesOfRoles(["admin"]), "secrets:reveal"] });
  await expect(first.client(forged).secrets.value({ params: { id } })).rejects.toMatchObject(forbidden);
  await expect(admin.apiTokens.create({ body: { note: "x", scopes: ["secrets:reveal"] } })).rejects.toMatchObject({
    problem: { errors: [{ field: "body.scopes[0]" }] },
  });
  const reader = first.client(await first.signIn(await first.createUser(["secret_reader"])));
  expect(await reader.secrets.value({ params: { id } })).toEqual({ value: "good-secret" });
  await expect(reader.secrets.delete({ params: { id } })).rejects.toMatchObject({ problem: { code: "FORBIDDEN" } });
});

test("what cannot be is refused with its field", async () => {
  const errors = (call: Promise<unknown>) =>
    call.then(
      () => [],
      (error: { problem: { errors: { field: string }[] } }) => error.problem.errors.map(({ field }) => field),
    );
  expect(await errors(newSecret("x", { hosts: ["*"] }))).toEqual(["body.hosts[0]"]);
  expect(await errors(newSecret("x", { hosts: ["dns:example.org"] }))).toEqual(["body.hosts[0]"]);
  expect(await errors(newSecret("x", { expiresAt: "2020-01-01T00:00:00Z" }))).toEqual(["body.expiresAt"]);
  expect(await errors(newSource({ hosts: ["evil.test"] }))).toEqual(["body.secretSlots[0].hosts[0]"]);
  const source = await newSource();
  const narrowed = client.sources.update({ params: { id: source.id }, body: { hosts: ["example.org"] } });
  expect(await errors(narrowed)).toEqual(["body.secretSlots[0].hosts[0]"]);
  const secret = await newSecret("x");
  const slots = [
    { name: "KEY", secretIds: ["aaaaaaaaaaaa", secret.id, secret.id] },
    { name: "OTHER", secretIds: [] },
  ];
  const assigned = client.sources.assignSecrets({ params: { id: source.id }, body: { slots } });
  expect(await errors(assigned)).toEqual([
    "body.slots[0].secretIds[0]",
    "body.slots[0].secretIds[2]",
    "body.slots[1].name",
  ]);
});

test("what becomes of a secret is recorded, who read its value too, and the value never", async () => {
  const value = "good-recorded-815";
  const secret = await newSecret(value);
  const params = { id: secret.id };
  const source = await newSource();
  await assign(source, secret);
  await client.secrets.update({ params, body: { note: "mine", value: `${value}-2` } });
  const user = await first.createUser(["secret_reader"]);
  await first.client(await first.signIn(user)).secrets.value({ params });
  await client.secrets.delete({ params });
  const { items } = await client.events.list({ query: { objectId: secret.id } });
  expect(items.map(({ action }) => action)).toEqual([
    "secret.delete",
    "secret.reveal",
    "secret.update",
    "secret.create",
  ]);
  expect(items[1]).toMatchObject({ actor: { userId: user.id }, changes: [] });
  expect(items[2]?.changes).toEqual([
    { field: "note", before: "", after: "mine" },
    { field: "value", before: "[redacted]", after: "[redacted]" },
  ]);
  const [assigned] = (await client.events.list({ query: { objectId: source.id } })).items;
  expect(assigned).toMatchObject({
    action: "secret.assign",
    changes: [{ field: "KEY", before: [], after: [secret.id] }],
  });
  expect(JSON.stringify(items) + (await dump())).not.toContain(value);
});
