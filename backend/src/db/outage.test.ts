import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { Problem } from "@assay/contract";
import type { Logger } from "@assay/process";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../context.ts";
import { createCountsStore } from "../features/quotas/counts-store.ts";
import { emptyState } from "../features/quotas/quota-rules.ts";
import { openRests } from "../features/quotas/rests.ts";
import { createTestDatabase, startTestBackend, type TestBackend } from "../testing.ts";

/** A wire to PostgreSQL that can be cut. */
async function startWire(target: URL): Promise<{ port: number; cut(): void; mend(): void; close(): void }> {
  let whole = true;
  const sockets = new Set<Socket>();
  const server = createServer((inner) => {
    if (!whole) {
      inner.destroy();
      return;
    }
    const outer = connect(Number(target.port), target.hostname);
    for (const [one, other] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const cut = (): void => {
    whole = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    mend: () => (whole = true),
    close: () => {
      cut();
      server.close();
    },
  };
}

let direct: string;
let wire: Awaited<ReturnType<typeof startWire>>;
let backend: TestBackend;
beforeAll(async () => {
  direct = await createTestDatabase();
  const url = new URL(direct);
  wire = await startWire(new URL(direct));
  url.hostname = "127.0.0.1";
  url.port = String(wire.port);
  backend = await startTestBackend({ databaseUrl: url.href, worker: true });
});
afterAll(async () => {
  await backend.close();
  wire.close();
});

test("while the database is away calls are refused as UNAVAILABLE; then all is well again by itself, and nothing was missed", async () => {
  const [token, session] = [await backend.token(), await backend.signIn()];
  const get = (path: string, headers: Record<string, string>) => fetch(`${backend.url}/api/v1${path}`, { headers });
  expect((await get("/config", token)).status).toBe(200);
  expect((await get("/auth/me", session)).status).toBe(200);
  const atWork = Array.from({ length: 20 }, () => get("/sources", token));

  wire.cut();
  for (const response of await Promise.all(atWork)) expect([200, 503]).toContain(response.status);
  const basic = { authorization: `Basic ${btoa(`${backend.admin.email}:${backend.admin.password}`)}` };
  for (const [path, headers] of [
    ["/sources", token],
    ["/auth/me", session],
    ["/auth/me", basic],
    ["/requests", session],
  ] as const) {
    const response = await get(path, headers);
    expect(Problem.parse(await response.json())).toMatchObject({
      status: 503,
      code: "UNAVAILABLE",
      detail: "The database cannot be reached now. Try again in a few seconds.",
    });
    expect(response.headers.get("retry-after")).toBe("5");
  }
  await expect.poll(async () => (await get("/health", {})).status, { timeout: 5_000 }).toBe(503);
  const other = new Client({ connectionString: direct });
  await other.connect();
  await other.query(`INSERT INTO server_settings (name, value, updated_at) VALUES ('defaultPap', '"RED"', now())`);
  await other.query("SELECT pg_notify('config_changed', '')");
  await other.end();

  wire.mend();
  await expect.poll(async () => (await get("/health", {})).status, { timeout: 20_000 }).toBe(200);
  expect((await get("/auth/me", session)).status).toBe(200);
  expect((await get("/sources", token)).status).toBe(200);
  await expect.poll(() => backend.backend.settings.current().defaultPap, { timeout: 20_000 }).toBe("RED");
});

test("what is counted of quotas, and who rests, while the database is away is written when it is back, without another change", async () => {
  const warned: string[] = [];
  const quiet = (): void => undefined;
  const log = { warn: (_: object, text: string) => warned.push(text), debug: quiet, error: quiet } as unknown as Logger;
  const counts = createCountsStore(backend.db, systemClock, log);
  const rests = await openRests(backend.db, systemClock, log);
  const [nowMs, perMs] = [Date.now(), 60 * 60_000];
  const state = { ...emptyState(), buckets: { [perMs]: { [Math.floor(nowMs / (perMs / 60))]: 3 } } };
  const untilMs = nowMs + perMs;

  wire.cut();
  counts.note("source:counted", () => state);
  rests.rest("source:resting", untilMs);
  await expect.poll(() => warned.length, { timeout: 30_000 }).toBe(2);
  expect(warned.filter((text) => text.includes("tried again"))).toHaveLength(2);
  expect(rests.untilMs("source:resting")).toBe(untilMs);

  wire.mend();
  const other = new Client({ connectionString: direct });
  await other.connect();
  const read = async (statement: string) => (await other.query<{ value: unknown }>(statement)).rows[0]?.value;
  await expect
    .poll(() => read("SELECT state AS value FROM quota_counts WHERE subject = 'source:counted'"), { timeout: 30_000 })
    .toEqual(state);
  await expect
    .poll(() => read("SELECT until AS value FROM quota_rests WHERE subject = 'source:resting'"), { timeout: 30_000 })
    .toEqual(new Date(untilMs));
  await other.end();
  await counts.close();
  await rests.close();
});
