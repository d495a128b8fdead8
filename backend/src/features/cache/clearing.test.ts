import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestBackend, type TestBackend } from "../../testing.ts";
import { clearCache } from "./service.ts";

let backend: TestBackend;
beforeAll(async () => {
  backend = await startTestBackend();
});
afterAll(() => backend.close());

test("that the cache is cleared is recorded before it is, and not where it cannot be", async () => {
  const { db, clock, log, cache, registry } = backend.backend;
  const ctx = { db, clock, log, actor: { type: "system" }, origin: null, signal: AbortSignal.timeout(60_000) } as const;
  const client = backend.client(await backend.token());
  const clearIn = (changes: object) => clearCache(ctx, { ...cache, ...changes }, registry, { all: true });
  const recorded = async () => (await client.events.list({ query: { action: "cache.clear" } })).items.length;
  const away = clearIn({ store: { ...cache.store, trouble: () => "it is away" } });
  await expect(away).rejects.toMatchObject({ code: "UNAVAILABLE" });
  expect(await recorded()).toBe(0);
  await expect(clearIn({ clear: () => Promise.reject(new Error("killed")) })).rejects.toThrow("killed");
  expect(await recorded()).toBe(1);
});
