import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  api,
  type Client,
  type Endpoint,
  endpointUrl,
  type EndpointTable,
  mayRole,
  Problem,
  type Role,
  roles,
  scopes,
  scopesOfRoles,
} from "@assay/contract";
import { startTestOpenidProvider, type TestOpenidProvider } from "@assay/tests/openid";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apiTokenCases } from "../features/api-tokens/endpoint-cases.ts";
import { endpointActions, type Trail } from "../features/audit/endpoint-actions.ts";
import { batchCases } from "../features/batches/endpoint-cases.ts";
import { cacheCases } from "../features/cache/endpoint-cases.ts";
import { eventCases } from "../features/audit/endpoint-cases.ts";
import { authCases } from "../features/auth/endpoint-cases.ts";
import { decisionCases } from "../features/decisions/endpoint-cases.ts";
import { exportCases } from "../features/exports/endpoint-cases.ts";
import { ignoreListCases } from "../features/ignore-lists/endpoint-cases.ts";
import { indicatorCases } from "../features/indicators/endpoint-cases.ts";
import { providerCases } from "../features/providers/endpoint-cases.ts";
import { requestCases } from "../features/requests/endpoint-cases.ts";
import { assignmentCases, secretCases } from "../features/secrets/endpoint-cases.ts";
import { userCases } from "../features/users/endpoint-cases.ts";
import { type ServedBackend, startServedBackend } from "../testing-served.ts";

let provider: TestOpenidProvider;
let folder: string;
let backend: ServedBackend;
/** The administrator, with a token. */
let client: Client;
/** Headers of the only one who may read the values of secrets. */
let reader: { authorization: string };
let token: { authorization: string };
beforeAll(async () => {
  provider = await startTestOpenidProvider(["http://127.0.0.1/api/v1/auth/openid/test/redirect"]);
  folder = await mkdtemp(join(tmpdir(), "assay-endpoints-"));
  const openidFile = join(folder, "openid.yaml");
  const { issuer, clientId, clientSecret } = provider;
  await writeFile(
    openidFile,
    JSON.stringify({ providers: [{ id: "test", name: "Test", issuer, clientId, clientSecret }] }),
  );
  backend = await startServedBackend({ openidFile });
  token = await backend.token();
  client = backend.client(token);
  const user = await backend.createUser(["secret_reader"]);
  reader = await backend.token({ user, scopes: scopesOfRoles(["secret_reader"]) });
});
afterAll(async () => {
  await backend.close();
  await provider.close();
  await rm(folder, { recursive: true, force: true });
});

type Success = {
  readonly [N in keyof typeof api]: { readonly [E in keyof (typeof api)[N]]: () => Promise<unknown> };
};

const absentId = "aaaaaaaaaaaa";
const newProvider = async () => client.providers.create({ body: { name: `Provider ${Math.random()}` } });
const echo = "export const fetchData = (indicator) => ({ data: indicator.data });";
const newSource = async (code = echo) =>
  client.sources.create({
    body: {
      name: "Echo",
      providerId: (await newProvider()).id,
      language: "JAVASCRIPT",
      code,
      supportedIndicators: ["IPV4"],
      exposure: "local",
    },
  });
const lookUp = async () => client.requests.create({ query: { wait: "20s" }, body: { data: "192.0.2.1" } });

/** One call per endpoint that succeeds. The type wants every endpoint of the contract. */
const success: Success = {
  auth: authCases(() => ({ backend, client, provider })),
  apiTokens: apiTokenCases(() => ({ backend, client })),
  batches: batchCases(() => ({ backend, client, token })),
  cache: cacheCases(() => ({ client, newSource })),
  config: {
    async retention() {
      await lookUp();
      const { due, ...size } = await client.config.retention();
      expect(due).toEqual({
        lookups: 0,
        batches: 0,
        answers: { ok: 0, not_found: 0, failed: 0, skipped: 0 },
        bytes: 0,
      });
      expect(size).toMatchObject({ limitBytes: null, oldestAt: expect.any(String) });
      expect(size.diskBytes).toBeGreaterThan(size.usedBytes);
    },
    async get() {
      const { items } = await client.config.get();
      const deadline = items.find(({ name }) => name === "lookupDeadlineMs");
      expect(deadline).toMatchObject({ value: 30_000, default: 30_000, unit: "ms", changedAt: null });
    },
    async update() {
      const { items } = await client.config.update({ body: { defaultTlp: "AMBER" } });
      const item = items.find(({ name }) => name === "defaultTlp");
      expect(item).toMatchObject({ value: "AMBER", default: "GREEN", changedUserId: backend.admin.id });
      await client.config.update({ body: { defaultTlp: "GREEN" } });
    },
  },
  decisions: decisionCases(() => ({ client })),
  events: eventCases(() => ({ backend, client, token })),
  health: {
    get: async () => expect(await backend.client({}).health.get()).toEqual({ status: "up" }),
    async ready() {
      const { status, dependencies } = await client.health.ready();
      expect([status, dependencies.map(({ name, up, reason }) => [name, up, reason])]).toEqual([
        "degraded",
        [
          ["PostgreSQL", true, null],
          ["Quotas", true, null],
          ["JavaScript runners", true, null],
          ["Python runners", false, "none is configured"],
        ],
      ]);
    },
  },
  ignoreLists: ignoreListCases(() => ({ client, newSource })),
  indicators: indicatorCases(() => ({ client, newSource })),
  providers: providerCases(() => ({ client, newProvider, newSource })),
  requests: {
    ...exportCases(() => ({ backend, token, lookUp })),
    ...requestCases(() => ({ backend, client, token, lookUp, newSource })),
  },
  runners: {
    list: async () =>
      expect((await client.runners.list()).items).toMatchObject([
        { address: backend.runners[0]?.address, state: "serving" },
      ]),
  },
  secrets: secretCases(() => ({ backend, client, reader, newSource })),
  sources: {
    ...assignmentCases(() => ({ backend, client, reader, newSource })),
    async list() {
      const { id } = await newSource();
      const ids = async (query: object) => (await client.sources.list({ query })).items.map((item) => item.id);
      expect(await ids({ kind: "IPV4", language: "JAVASCRIPT", enabled: "true" })).toContain(id);
      expect(await ids({ kind: "DOMAIN" })).not.toContain(id);
      expect(await ids({ enabled: "false" })).not.toContain(id);
    },
    async create() {
      const source = await newSource();
      expect(source).toMatchObject({
        versionNumber: 1,
        maxTlp: "RED",
        catalogue: false,
        createdUserId: backend.admin.id,
      });
    },
    async check() {
      const check = (code: string) => client.sources.check({ body: { language: "JAVASCRIPT", code } });
      expect(await check(echo)).toEqual({ diagnostics: [], manifestDiagnostics: [] });
      expect(await check("export const fetchData = () => {\n  return [1;\n};")).toMatchObject({
        diagnostics: [{ severity: "error", line: 2, column: 12, message: expect.stringContaining("SyntaxError") }],
      });
    },
    async test() {
      const result = await client.sources.test({
        body: { language: "JAVASCRIPT", code: echo, data: "192[.]0[.]2[.]4" },
      });
      expect(result).toMatchObject({ outcome: "ok", data: "192.0.2.4", problems: [], verdict: "none" });
      expect(result.indicator).toEqual({ kind: "IPV4", data: "192.0.2.4" });
    },
    async getBySlug() {
      const { id, slug } = await newSource();
      expect((await client.sources.getBySlug({ params: { slug } })).id).toBe(id);
    },
    async get() {
      const source = await newSource();
      expect(await client.sources.get({ params: { id: source.id } })).toEqual(source);
    },
    async update() {
      const { id } = await newSource();
      const changed = await client.sources.update({ params: { id }, body: { enabled: false } });
      expect([changed.enabled, changed.versionNumber]).toEqual([false, 1]);
    },
    async delete() {
      const { id } = await newSource();
      await client.sources.delete({ params: { id } });
      await expect(client.sources.get({ params: { id } })).rejects.toMatchObject({ problem: { code: "NOT_FOUND" } });
    },
    async requests() {
      const { id } = await newSource();
      const ids = [];
      for (let count = 0; count < 3; count++) {
        ids.unshift((await client.requests.execute({ query: { data: "192.0.2.7", sourceIds: id } })).id);
      }
      const first = await client.sources.requests({ params: { id }, query: { limit: 2 } });
      const second = await client.sources.requests({ params: { id }, query: { cursor: first.nextCursor ?? "" } });
      expect([...first.items, ...second.items].map((item) => item.requestId)).toEqual(ids);
      expect(first.items[0]).toMatchObject({ data: "192.0.2.7", kind: "IPV4", answer: { outcome: "ok" } });
    },
    async versions() {
      const { id } = await newSource();
      await client.sources.update({ params: { id }, body: { hosts: ["example.org"] } });
      const page = (query: object) => client.sources.versions({ params: { id }, query });
      const first = await page({ limit: 1 });
      const second = await page({ cursor: first.nextCursor });
      expect([...first.items, ...second.items].map(({ number }) => number)).toEqual([2, 1]);
    },
    async version() {
      const { id, versionId, codeHash } = await newSource();
      const version = await client.sources.version({ params: { id, versionId } });
      expect(version).toMatchObject({ id: versionId, number: 1, codeHash, code: echo });
      expect(version.manifest).toMatchObject({ name: "Echo", language: "JAVASCRIPT", supportedIndicators: ["IPV4"] });
    },
    async ignoreLists() {
      const { id } = await newSource();
      const list = await client.ignoreLists.create({ body: { name: "Of a source" } });
      await client.ignoreLists.tieSources({ params: { id: list.id }, body: { sourceIds: [id] } });
      const { items } = await client.sources.ignoreLists({ params: { id } });
      expect(items.map((item) => [item.id, item.sourceIds])).toEqual([[list.id, [id]]]);
    },
    async rollback() {
      const { id, versionId } = await newSource();
      await client.sources.update({ params: { id }, body: { hosts: ["example.org"] } });
      const back = await client.sources.rollback({ params: { id, versionId } });
      expect([back.hosts, back.versionNumber]).toEqual([[], 3]);
    },
  },
  users: userCases(() => ({ backend, client })),
};

const people = new Map<Role, Record<string, string>>();

interface Row {
  readonly name: string;
  readonly endpoint: Endpoint;
  readonly succeed: () => Promise<unknown>;
}
const rows: Row[] = Object.entries(api).flatMap(([noun, table]) =>
  Object.entries(table as EndpointTable).map(([verb, endpoint]) => ({
    name: `${noun}.${verb}`,
    endpoint,
    succeed:
      (success as unknown as Record<string, Record<string, () => Promise<unknown>>>)[noun]?.[verb] ??
      (() => Promise.reject(new Error("no case"))),
  })),
);
/** Bodies without which an endpoint is not even asked for what there is not. */
const bodies: Readonly<Record<string, object>> = {
  "ignoreLists.addEntries": { entries: [] },
  "ignoreLists.replaceEntries": { entries: [] },
  "ignoreLists.removeEntries": { entries: [] },
  "ignoreLists.importEntries": { content: "#", format: "text" },
  "ignoreLists.tieSources": { sourceIds: [] },
  "ignoreLists.tieProviders": { providerIds: [] },
  "batches.update": { visibility: "private" },
  "requests.update": { visibility: "private" },
  "secrets.test": { sourceId: absentId, data: "192.0.2.1" },
  "sources.assignSecrets": { slots: [] },
};
/** Queries without which the same holds. */
const queries: Readonly<Record<string, object>> = {
  "batches.export": { format: "csv" },
  "requests.export": { format: "csv" },
  "requests.diff": { with: absentId },
};
const absent = { id: absentId, slug: "absent", versionId: absentId, provider: "absent", tokenId: absentId };
/** An OpenID provider may add to the address what it likes. */
const takesAnyQuery: ReadonlySet<string> = new Set(["auth.openidRedirect"]);

/** What is called is not there, or is not valid: whoever is let through gets no further. */
async function call(
  { endpoint, name }: Row,
  headers: Record<string, string>,
  {
    params = absent,
    query = queries[name] ?? {},
    body = bodies[name] ?? {},
  }: { params?: object; query?: object; body?: object } = {},
): Promise<Response> {
  const path = endpointUrl(endpoint, { params: { ...params }, query: { ...query } });
  const response = await fetch(`${backend.url}${path}`, {
    method: endpoint.method,
    redirect: "manual",
    headers: { ...headers, ...(endpoint.body && { "content-type": "application/json" }) },
    ...(endpoint.body && { body: JSON.stringify(body) }),
  });
  return response;
}

async function refusal(...asked: Parameters<typeof call>): Promise<Problem> {
  return Problem.parse(await (await call(...asked)).json());
}

/** Headers of somebody with this role: a session, as it is let through everywhere that a token is. */
async function inRole(role: Role, { endpoint }: Row): Promise<Record<string, string>> {
  if (endpoint.access === "session") return backend.signIn(await backend.createUser([role]));
  people.set(role, people.get(role) ?? (await backend.signIn(await backend.createUser([role]))));
  return people.get(role) ?? {};
}

async function lastEvent(): Promise<bigint> {
  return (await backend.db.prisma.event.findFirst({ orderBy: { sequence: "desc" } }))?.sequence ?? 0n;
}

/** Headers with which the endpoint may be called. */
async function allowed({ endpoint }: Row): Promise<Record<string, string>> {
  if (endpoint.access === "session") return backend.signIn();
  return endpoint.access === "secrets:reveal" ? reader : token;
}

describe.each(rows)("$name", (row) => {
  const { access, params, query, body } = row.endpoint;

  test("succeeds, and is recorded where it changes something", async () => {
    const before = await lastEvent();
    await row.succeed();
    const trail: Trail | undefined = (endpointActions as Readonly<Record<string, Trail>>)[row.name];
    if (row.endpoint.method !== "GET") expect(trail, "it is missing in endpoint-actions.ts").toBeDefined();
    if (!trail || "none" in trail) return;
    const where = { action: trail.action, sequence: { gt: before } };
    const [event] = await backend.db.prisma.event.findMany({ where, orderBy: { sequence: "desc" }, take: 1 });
    expect(event, `no event ${trail.action}`).toMatchObject({ address: "127.0.0.1", requestId: expect.any(String) });
  });

  if (access !== "public")
    test("401 without credentials and with wrong ones", async () => {
      const wrong = { authorization: `Bearer ${absentId}_${"x".repeat(40)}` };
      expect([await refusal(row, {}), await refusal(row, wrong)]).toMatchObject([
        { status: 401, code: "UNAUTHENTICATED" },
        { status: 401, code: "UNAUTHENTICATED" },
      ]);
    });

  if (access !== "public" && access !== "authenticated")
    test("403 without the scope", async () => {
      const others = access === "session" ? scopes : scopes.filter((scope) => scope !== access);
      expect(await refusal(row, await backend.token({ scopes: others }))).toMatchObject({
        status: 403,
        code: "FORBIDDEN",
      });
    });

  test.each(roles)("the role %s is let through where the table says so, and nowhere else", async (role) => {
    const status = (await call(row, await inRole(role, row))).status;
    if (mayRole(role, access)) expect([401, 403]).not.toContain(status);
    else expect(status).toBe(403);
  });

  if (params)
    test("404 for what there is not, 400 for what cannot be", async () => {
      const headers = await allowed(row);
      expect(await refusal(row, headers)).toMatchObject({ status: 404, code: "NOT_FOUND" });
      const [name] = Object.keys(params?.shape ?? {});
      const invalid = await refusal(row, headers, { params: { ...absent, id: "No!", slug: "No!", provider: "No!" } });
      expect(invalid).toMatchObject({ status: 400, code: "VALIDATION_FAILED", errors: [{ field: `params.${name}` }] });
    });

  if (query && !takesAnyQuery.has(row.name))
    test("400 for an unknown query field", async () => {
      const problem = await refusal(row, await allowed(row), { query: { colour: "red" } });
      expect(problem).toMatchObject({ status: 400, code: "VALIDATION_FAILED" });
      expect(problem.errors).toContainEqual({ field: "query.colour", message: "is not a known field" });
    });

  if (body)
    test("400 for an unknown body field", async () => {
      const problem = await refusal(row, await allowed(row), { body: { colour: "red" } });
      expect(problem).toMatchObject({ status: 400, code: "VALIDATION_FAILED" });
      expect(problem.errors).toContainEqual({ field: "body.colour", message: "is not a known field" });
    });
});

test("every endpoint of the contract is described in OpenAPI under the access that is enforced here", async () => {
  const document = (await (await fetch(`${backend.url}/api/v1/docs/openapi.json`, { headers: token })).json()) as {
    paths: Record<string, Record<string, { operationId: string; "x-access": string }>>;
  };
  const described = Object.values(document.paths).flatMap((path) => Object.values(path));
  const accessOf = new Map(described.map((operation) => [operation.operationId, operation["x-access"]]));
  expect(accessOf).toEqual(new Map(rows.map(({ name, endpoint }) => [name, endpoint.access])));
});
