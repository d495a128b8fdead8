import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, createClient, type Role, type Scope, scopesOfRoles } from "@assay/contract";
import { createLogger, type EncryptionKey, startTelemetry } from "@assay/process";
import { Client as PgClient } from "pg";
import { inject } from "vitest";
import { type Backend, startBackend } from "./backend.ts";
import type { Database } from "./db/database.ts";
import { migrate, readMigrations } from "./db/migrate.ts";
import { hashPassword } from "./features/auth/passwords.ts";
import { newTokenValue } from "./features/api-tokens/token-value.ts";
import { newId } from "./ids.ts";

export interface TestBackendOptions {
  /** Shares the database of another backend: two nodes of one installation. */
  readonly databaseUrl?: string;
  /** `host:port` of runners; none unless told. */
  readonly runners?: { readonly javascript?: string[]; readonly python?: string[] };
  /** Token of those runners. */
  readonly runnerToken?: string;
  /** A key that is always the same unless told. */
  readonly encryptionKeys?: EncryptionKey[];
  /** A catalogue to install; none unless told. */
  readonly catalogueFolder?: string;
  /** Ignore lists to install; none unless told. */
  readonly ignoreListsFolder?: string;
  /** What the dashboard was built to; nothing unless told. */
  readonly dashboardFolder?: string;
  /** The address that people open; plain http unless told. */
  readonly publicUrl?: string;
  /** Server settings of the environment. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** None unless told. */
  readonly redisUrl?: string;
  /** Tells everything, on standard output; errors only unless told. */
  readonly verbose?: boolean;
  /** A file of OpenID providers; none unless told. */
  readonly openidFile?: string;
  /** Works on background jobs as well. */
  readonly worker?: boolean;
}

export interface TestUser {
  readonly id: string;
  readonly email: string;
  readonly password: string;
}

export interface TestBackend {
  /** Origin, without a trailing slash. */
  readonly url: string;
  readonly databaseUrl: string;
  readonly db: Database;
  readonly backend: Backend;
  /** An administrator, who is there from the start. */
  readonly admin: TestUser;
  /** A client that sends these headers with every call. */
  client(headers: Record<string, string>): Client;
  createUser(roles: readonly Role[]): Promise<TestUser>;
  /** Headers of an API token; the administrator's, with all scopes, unless told. */
  token(options?: {
    readonly user?: TestUser;
    readonly scopes?: readonly Scope[];
    readonly expiresAt?: Date;
  }): Promise<{
    authorization: string;
  }>;
  /** Headers of a signed-in session, the CSRF token included. */
  signIn(user?: TestUser): Promise<{ cookie: string; "x-csrf-token": string }>;
  close(): Promise<void>;
}

export const testPassword = "correct horse battery staple";
const secret = "test-secret-".repeat(4);
const log = createLogger({ name: "test", level: "error", format: "pretty" });
let passwordHash: Promise<string> | undefined;
let telemetry: ReturnType<typeof startTelemetry> | undefined;

/** A backend with its API on a free port, on a database of its own; the real one in everything. */
export async function startTestBackend(options: TestBackendOptions = {}): Promise<TestBackend> {
  telemetry ??= startTelemetry({ serviceName: "test", sampleRatio: 0 });
  const databaseUrl = options.databaseUrl ?? (await createTestDatabase());
  const empty = await mkdtemp(join(tmpdir(), "assay-backend-"));
  const opened: { close: () => Promise<void> | void }[] = [];
  const stopping = new AbortController();
  const config = {
    databaseUrl,
    databaseConnectionsMax: 5,
    redisUrl: options.redisUrl,
    cacheMemoryMib: 16,
    settings: options.settings ?? {},
    ignoreListsFolder: undefined,
    runnerToken: options.runnerToken ?? secret,
    encryptionKeys: options.encryptionKeys ?? [{ id: "test", key: Buffer.alloc(32, 7) }],
    runners: { javascript: options.runners?.javascript ?? [], python: options.runners?.python ?? [] },
    telemetry: { otlpEndpoint: undefined, sampleRatio: 0 },
    log: { level: "error" as const, format: "pretty" as const },
  };
  const { publicUrl = "http://127.0.0.1" } = options;
  const { openidFile } = options;
  const site = { host: "127.0.0.1", port: 0, publicUrl, sessionSecret: secret, openidFile };
  const close = async (): Promise<void> => {
    stopping.abort();
    for (const part of opened.toReversed()) await part.close();
    if (options.databaseUrl === undefined) await dropDatabase(databaseUrl);
    await rm(empty, { recursive: true, force: true });
  };
  const backend = await startBackend({
    config,
    api: { ...config, ...site, admin: { email: undefined, password: undefined } },
    worker: options.worker ?? false,
    node: `test-${newId()}`,
    log: options.verbose ? createLogger({ name: "test", level: "debug", format: "pretty" }) : log,
    stopping: stopping.signal,
    register: (_name, closePart) => void opened.push({ close: closePart }),
    catalogueFolder: options.catalogueFolder ?? empty,
    ignoreListsFolder: options.ignoreListsFolder ?? empty,
    dashboardFolder: options.dashboardFolder ?? join(empty, "dashboard"),
    checkAnswers: true,
  }).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const { db } = backend;
  const url = `http://127.0.0.1:${backend.port}`;

  const createUser = async (roles: readonly Role[]): Promise<TestUser> => {
    passwordHash ??= hashPassword(testPassword);
    const id = newId();
    const user = { id, email: `${id}@example.org`, name: "Test", roles: [...roles] };
    const now = new Date();
    await db.prisma.user.create({
      data: { ...user, passwordHash: await passwordHash, createdAt: now, updatedAt: now },
    });
    return { id, email: user.email, password: testPassword };
  };
  const admin = await createUser(["admin"]);

  return {
    url,
    databaseUrl,
    db,
    backend,
    admin,
    client: (headers) => createClient({ baseUrl: url, headers: () => headers }),
    createUser,
    async token({ user = admin, scopes = scopesOfRoles(["admin"]), expiresAt } = {}) {
      const id = newId();
      const { value, secretHash } = newTokenValue(id);
      await db.prisma.apiToken.create({
        data: {
          id,
          userId: user.id,
          note: "test",
          secretHash,
          scopes: [...scopes],
          expiresAt: expiresAt ?? null,
          createdAt: new Date(),
        },
      });
      return { authorization: `Bearer ${value}` };
    },
    async signIn({ email, password } = admin) {
      const response = await fetch(`${url}/api/v1/auth/login`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ email, password }),
      });
      const { csrfToken } = (await response.json()) as { csrfToken: string };
      const cookie = response.headers.getSetCookie()[0]?.split(";", 1)[0] ?? "";
      return { cookie, "x-csrf-token": csrfToken };
    },
    close,
  };
}

/** The address of a new database with this version's schema, cloned from one that is migrated once per PostgreSQL. */
export async function createTestDatabase(): Promise<string> {
  const server = inject("postgresUrl");
  const migrations = await readMigrations();
  const fingerprint = createHash("sha256")
    .update(migrations.map(({ checksum }) => checksum).join())
    .digest("hex");
  const template = `assay_template_${fingerprint.slice(0, 12)}`;
  const name = `assay_test_${newId()}`;
  await withServer(server, async (client) => {
    // One at a time: a template cannot be copied while somebody is connected to it.
    await client.query("SELECT pg_advisory_lock(4019379)");
    const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [template]);
    if (rowCount === 0) {
      await client.query(`DROP DATABASE IF EXISTS ${template}_new`);
      await client.query(`CREATE DATABASE ${template}_new`);
      await migrate(databaseUrlOf(server, `${template}_new`), log);
      await client.query(`ALTER DATABASE ${template}_new RENAME TO ${template}`);
    }
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`);
  });
  return databaseUrlOf(server, name);
}

async function dropDatabase(url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  await withServer(inject("postgresUrl"), (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
}

async function withServer(url: string, work: (client: PgClient) => Promise<unknown>): Promise<void> {
  const client = new PgClient({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function databaseUrlOf(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}
