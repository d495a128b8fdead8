import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type EchoingUpstream, startEchoingUpstream } from "./echoing-upstream.ts";
import { createTestBrowser, startTestOpenidProvider, type TestOpenidProvider } from "./openid.ts";
import { type Answered, createCaller, type Caller, crawl } from "./planted-calls.ts";
import { createSearch, filesBelow, formsOf, type Place, type Planted } from "./planted-search.ts";
import { addPlantedSources, lookUpInEveryWay } from "./planted-sources.ts";
import { environmentOf, family, find } from "./processes.ts";
import { freePort, type Stack, startStack } from "./stack.ts";

const random = (): string => randomBytes(12).toString("base64url");
const given = {
  hidden: `Hidden/+&="%k ${random()}`,
  exposed: `Exposed<>'%25&${random()}`,
  replaced: `Replaced;:\\${random()}`,
  refusedByForm: `Bell\u0007${random()}`,
  password: `Right password ${random()}`,
  wrongPassword: `Wrong p@ssword ${random()}`,
  changedPassword: `Changed password ${random()}`,
  shortPassword: `Sh0rt!${random().slice(0, 5)}`,
  openidSecret: `Client secret ${random()}`,
  sessionSecret: `session-secret-${random()}${random()}`,
  runnerToken: `runner-token-${random()}${random()}`,
  proxyPassword: `proxy@${random()}`,
  redisPassword: `redis-${random()}`,
};
const encryptionKeys = [randomBytes(32), randomBytes(32)];
const planted: Planted[] = [
  ...Object.entries(given).map(([name, value]) => ({ name, value })),
  ...encryptionKeys.map((value, index) => ({ name: `encryption key ${index + 1}`, value })),
];
const plant = (name: string, value: string | undefined): string => {
  if (value === undefined || value === "") throw new Error(`There is no ${name} to look for`);
  planted.push({ name, value });
  return value;
};
const control = `A control that is meant to be found ${random()}`;

const traces: Buffer[] = [];
const receiver = createServer((request, response) => {
  request.on("data", (chunk: Buffer) => traces.push(chunk));
  request.on("end", () => response.writeHead(200, { "content-type": "application/json" }).end("{}"));
});
let folder: string;
let redis: ReturnType<typeof spawn>;
let redisPort: number;
let upstream: EchoingUpstream;
let provider: TestOpenidProvider;
let stack: Stack;
let caller: Caller;
beforeAll(async () => {
  const port = await freePort();
  redisPort = await freePort();
  folder = await mkdtemp(join(tmpdir(), "assay-planted-"));
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  redis = spawn("/usr/bin/redis-server", ["-"], { stdio: ["pipe", "ignore", "ignore"] });
  redis.stdin?.end(`port ${redisPort}\nbind 127.0.0.1\nsave ""\ndir ${folder}\nrequirepass ${given.redisPassword}\n`);
  upstream = await startEchoingUpstream("assay", given.proxyPassword);
  provider = await startTestOpenidProvider(
    [`http://127.0.0.1:${port}/api/v1/auth/openid/planted/redirect`],
    given.openidSecret,
  );
  const { issuer, clientId, clientSecret } = provider;
  const entry = { id: "planted", name: "Planted", issuer, clientId, clientSecret, accounts: { create: "on" } };
  await writeFile(join(folder, "openid.yaml"), JSON.stringify({ providers: [entry] }));
  stack = await startStack({
    ...upstream.env,
    ASSAY_PORT: String(port),
    ASSAY_PUBLIC_URL: `http://127.0.0.1:${port}`,
    ASSAY_LOG_LEVEL: "debug",
    ASSAY_LOG_FORMAT: "json",
    ASSAY_RUNNER_PROCESSES: "1",
    ASSAY_SESSION_SECRET: given.sessionSecret,
    ASSAY_RUNNER_TOKEN: given.runnerToken,
    ASSAY_ENCRYPTION_KEYS: encryptionKeys.map((key, index) => `k${index + 1}:${key.toString("base64")}`).join(),
    ASSAY_OPENID_FILE: join(folder, "openid.yaml"),
    REDIS_URL: `redis://:${given.redisPassword}@127.0.0.1:${redisPort}/0`,
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`,
  });
  caller = createCaller(stack.url);
  plant("password of the first administrator", stack.adminPassword);
  plant("password of the database", (await readFile(join(stack.dataDir, "postgres.password"), "utf8")).trim());
});
afterAll(async () => {
  await stack.close();
  await provider.close();
  upstream.close();
  receiver.close();
  redis.kill();
  await once(redis, "exit");
  await rm(folder, { recursive: true, force: true });
});

const basic = (email: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${email}:${password}`).toString("base64")}`,
});
const bodyOf = <T>({ json }: Answered): T => json as T;
/** Signs in; cookie, session id and CSRF token are planted. */
async function signIn(email: string, password: string) {
  const answered = await caller.post("/auth/login", { email, password }, {}, "shows secrets");
  expect(answered.status).toBe(200);
  return sessionOf(answered.cookie, bodyOf<{ csrfToken: string }>(answered).csrfToken);
}
function sessionOf(cookie: string, csrfToken: string) {
  const [, id, signature] = /s:([^.]+)\.(.+)$/.exec(decodeURIComponent(cookie)) ?? [];
  plant("session id", id);
  plant("signature of a session", signature);
  return { cookie, "x-csrf-token": plant("CSRF token", csrfToken) };
}

async function usePasswords(admin: Record<string, string>): Promise<void> {
  const made = await caller.post(
    "/users",
    { email: "someone@planted.test", roles: ["analyst"] },
    admin,
    "shows secrets",
  );
  const { user, password } = bodyOf<{ user: { id: string }; password: string }>(made);
  plant("first password", password);
  const email = "someone@planted.test";
  await caller.post("/auth/login", { email, password: given.wrongPassword });
  await caller.post("/auth/login", { email: given.wrongPassword, password: given.wrongPassword });
  await caller.get("/auth/me", basic(given.wrongPassword, given.wrongPassword));
  await caller.get("/auth/me", basic(email, given.wrongPassword));
  const session = await signIn(email, password);
  const change = (currentPassword: string, newPassword: string) =>
    caller.post("/auth/password", { currentPassword, newPassword }, session);
  expect((await change(given.wrongPassword, given.changedPassword)).status).toBe(400);
  expect((await change(password, given.shortPassword)).status).toBe(400);
  expect((await change(password, given.changedPassword)).status).toBe(204);
  await caller.get("/auth/me", basic(email, given.changedPassword));
  await caller.get("/auth/sessions", session);
  const reset = await caller.post(`/users/${user.id}/password`, undefined, admin, "shows secrets");
  await signIn(email, plant("reset password", bodyOf<{ password: string }>(reset).password));
}

async function useTokens(admin: Record<string, string>): Promise<{ authorization: string }> {
  const made = bodyOf<{ id: string; token: string }>(
    await caller.post("/apiTokens", { note: "x" }, admin, "shows secrets"),
  );
  const again = await caller.post(`/apiTokens/${made.id}/regenerate`, undefined, admin, "shows secrets");
  const { token } = bodyOf<{ token: string }>(again);
  for (const each of [made.token, token]) {
    plant("secret of an API token", each.split("_")[1]);
    for (const word of ["Bearer", "Token"]) await caller.get("/requests", { authorization: `${word} ${each}` });
    await caller.get("/auth/me", basic(stack.adminEmail, each));
    await caller.get(`/requests?token=${each}`, { authorization: `Bearer ${token}` });
    await caller.get(`/nosuch?access_token=${each}`);
    await caller.get(`/apiTokens/${each}`, {}, "shows secrets");
    await caller.get(`/sources/${each}`, { authorization: `Bearer ${token}` });
    await caller.post("/apiTokens", { note: "x", scopes: [each], expiresAt: each }, admin);
  }
  return { authorization: `Bearer ${token}` };
}

async function useOpenid(): Promise<void> {
  const path = `${stack.url}/api/v1/auth/openid/planted`;
  provider.person = { subject: "p1", claims: { email: "person@planted.test", email_verified: true, name: "P" } };
  const follow = async (browser: ReturnType<typeof createTestBrowser>): Promise<string> => {
    let next = (await browser.get(path)).headers.get("location") ?? "";
    while (!next.startsWith(path)) {
      const { headers } = await browser.get(next);
      next = new URL(headers.get("location") ?? "", next).href;
    }
    plant("code of OpenID", new URL(next).searchParams.get("code") ?? "");
    return next;
  };
  const person = createTestBrowser();
  const back = await follow(person);
  expect((await person.get(back)).headers.get("location")).toBe("/");
  for (const token of provider.issued) plant("token of OpenID", token.split(".").at(-1));
  expect(provider.issued.length).toBeGreaterThan(1);
  const cookie = person.cookie(stack.url);
  const me = await caller.get("/auth/me", { cookie }, "shows secrets");
  sessionOf(cookie, bodyOf<{ csrfToken: string }>(me).csrfToken);
  // The same code again, with another state, and in a browser that began another sign-in.
  const other = createTestBrowser();
  const late = new URL(await follow(other));
  late.searchParams.set("code", new URL(back).searchParams.get("code") ?? "");
  for (const url of [back, late.href, back.replace(/state=[^&]+/, "state=another")]) {
    const { headers } = await other.get(url);
    expect(headers.get("location")).toContain("problem=");
  }
}

async function sendNonsense(admin: Record<string, string>): Promise<void> {
  const json = { ...admin, "content-type": "application/json" };
  const secret = { name: "Refused", value: given.refusedByForm, hosts: [upstream.host] };
  const cut = [`{"value": "${given.exposed}`, `{"value": ${given.exposed}}`, given.exposed, `{}${given.exposed}`];
  expect((await caller.post("/secrets", secret, admin)).status).toBe(400);
  await caller.post(
    "/secrets",
    { ...secret, value: [given.exposed], hosts: given.exposed, expiresAt: given.exposed },
    admin,
  );
  await caller.post("/auth/login", { email: given.password, password: 5 });
  await caller.post("/auth/login", { email: "a@b.test", password: given.wrongPassword.repeat(40) });
  for (const body of cut) {
    for (const path of ["/secrets", "/auth/login", "/auth/password"]) {
      expect((await caller.send("POST", path, json, body)).status).toBe(400);
    }
  }
  await caller.send("POST", "/secrets", admin, JSON.stringify(secret));
  await caller.get("/auth/me", { authorization: `Digest ${given.password}` });
  await caller.get("/auth/me", { cookie: `assay.sid=s%3A${given.wrongPassword.replaceAll(" ", "")}.x` });
}

let places: Place[];
test("everything is used with planted values, and fails with them in every way", async () => {
  const admin = await signIn(stack.adminEmail, stack.adminPassword);
  await caller.post("/providers", { name: control }, admin);
  await usePasswords(admin);
  const token = await useTokens(admin);
  await useOpenid();
  await sendNonsense(admin);

  const sources = await addPlantedSources(caller, admin, upstream, given);
  await lookUpInEveryWay(caller, admin, sources, upstream);
  expect([...upstream.keysSeen]).toEqual(expect.arrayContaining([given.hidden, given.exposed, given.replaced]));
  const reader = await caller.post(
    "/users",
    { email: "reader@planted.test", roles: ["secret_reader"] },
    admin,
    "shows secrets",
  );
  const { password } = bodyOf<{ password: string }>(reader);
  const read = await caller.get(
    `/secrets/${sources.secretIds[0]}/value`,
    basic("reader@planted.test", plant("a reader's password", password)),
    "shows secrets",
  );
  expect(read.json).toEqual({ value: given.replaced });

  // What is under way while somebody looks: the processes that run the code of sources, and all the others.
  const waiting = caller.post("/requests?wait=60s", { data: sources.waitingIndicator, sourceIds: sources.ids }, token);
  await vi.waitFor(() => expect(upstream.waiting).toBe(sources.ids.length), 30_000);
  const all = family(stack.process.pid ?? 0);
  const runners = ["javascript", "python"].map((language) =>
    find(stack.process.pid ?? 0, `runners/${language}/src/main.ts`),
  );
  const sandboxes = runners.flatMap(({ pid }) => family(pid).slice(1));
  expect(sandboxes.length).toBeGreaterThan(2);
  places = [
    { name: "the command lines", content: Buffer.from(all.map(({ command }) => command).join("\n")) },
    { name: "the environment of sandboxes", content: Buffer.concat(sandboxes.map(({ pid }) => environmentOf(pid))) },
  ];
  upstream.release();
  await waiting;
  const runnersHold = createSearch(planted.filter(({ name }) => name !== "runnerToken" && name !== "proxyPassword"));
  for (const { pid } of runners)
    expect(runnersHold({ name: "a runner's environment", content: environmentOf(pid) })).toEqual([]);

  await crawl(caller, admin);
  await caller.post("/auth/logout", undefined, await signIn(stack.adminEmail, stack.adminPassword));
  process.kill(find(stack.process.pid ?? 0, "postgres -D").pid, "SIGKILL");
  await caller.post("/auth/login", { email: stack.adminEmail, password: stack.adminPassword }, {}, "shows secrets");
  await vi.waitFor(async () => expect((await caller.get("/auth/me", token)).status).toBe(200), {
    timeout: 30_000,
    interval: 100,
  });
});

async function dumpDatabase(): Promise<Buffer> {
  const { default: pg } = await import("pg");
  const file = (name: string) => readFile(join(stack.dataDir, name), "utf8");
  const [port, password] = [Number(await file("postgres.port")), (await file("postgres.password")).trim()];
  const client = new pg.Client({ host: "127.0.0.1", port, user: "assay", password, database: "assay" });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
    );
    expect(tables.length).toBeGreaterThan(12);
    const texts: string[] = [];
    for (const { name } of tables) {
      const { rows } = await client.query<{ text: string }>(`SELECT t::text AS text FROM ${name} t`);
      texts.push(name, ...rows.map(({ text }) => text));
    }
    return Buffer.from(texts.join("\n"));
  } finally {
    await client.end();
  }
}

function dumpRedis(): Buffer {
  const cli = (...args: string[]): string =>
    execFileSync("redis-cli", ["-p", String(redisPort), ...args], {
      encoding: "utf8",
      env: { REDISCLI_AUTH: given.redisPassword },
    });
  const keys = cli("keys", "*").trim().split("\n");
  return Buffer.from(keys.flatMap((key) => [key, cli("get", key)]).join("\n"));
}

test("none of them stands anywhere, in whatever form", { timeout: 120_000 }, async () => {
  // What is told late: spans are sent once a second.
  await vi.waitFor(() => expect(Buffer.concat(traces).includes("POST /api/v1/auth/logout")).toBe(true), 20_000);
  const isKeyFile = (path: string): boolean => path === "postgres.password";
  places.push(
    { name: "the database", content: await dumpDatabase() },
    { name: "the logs", content: Buffer.from(stack.output()) },
    { name: "the traces", content: Buffer.concat(traces) },
    { name: "the answers of the API", content: Buffer.from(caller.answers.join("\n")) },
    { name: "Redis", content: dumpRedis() },
    ...(await filesBelow(stack.dataDir, isKeyFile)),
  );
  const search = createSearch(planted);
  expect(places.flatMap(search)).toEqual([]);

  // The search could have failed: it looked at what was there, and it finds every planted value in every form.
  const present: Readonly<Record<string, string>> = {
    "the command lines": "backend/src/main.ts",
    "the environment of sandboxes": "=",
    "the database": control,
    "the logs": "signed in",
    "the traces": "runner.fetchData",
    "the answers of the API": control,
    Redis: "assay:limit",
  };
  for (const [name, text] of Object.entries(present)) {
    expect(places.find((each) => each.name === name)?.content.includes(text), name).toBe(true);
  }
  const found = createSearch([{ name: "control", value: control }]);
  expect(places.filter(({ name }) => name.startsWith("the file postgres/")).flatMap(found)).not.toEqual([]);
  const random4k = randomBytes(4096);
  for (const { name, value } of planted) {
    for (const [form, text] of formsOf(value)) {
      const content = Buffer.concat([random4k, Buffer.from(text, "latin1"), random4k]);
      expect(search({ name: "a test", content }).join(), `${name} (${form})`).toContain(name);
    }
  }
});
