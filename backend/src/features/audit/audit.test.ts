import { createLogger } from "@assay/process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../context.ts";
import { type Database, openDatabase } from "../../db/database.ts";
import { createTestDatabase } from "../../testing.ts";
import { fieldChanges } from "./field-changes.ts";
import { recordAudit, systemAudit } from "./record.ts";

let db: Database;
beforeAll(async () => {
  const log = createLogger({ name: "test", level: "error", format: "pretty" });
  db = await openDatabase({ url: await createTestDatabase(), connections: 4, log });
});
afterAll(() => db.close());

const record = (name: string) =>
  db.transaction((tx) =>
    recordAudit(tx, systemAudit(systemClock), { action: "thing.make", object: { type: "thing", id: null, name } }),
  );

test("an event is kept with the change that it tells of, or not at all", async () => {
  const undone = db.transaction(async (tx) => {
    const object = { type: "thing", id: null, name: "undone" };
    await recordAudit(tx, systemAudit(systemClock), { action: "thing.make", object });
    throw new Error("the change fails");
  });
  await expect(undone).rejects.toThrow("the change fails");
  await record("done");
  expect((await db.prisma.event.findMany()).map(({ objectName, actorType }) => [objectName, actorType])).toEqual([
    ["done", "system"],
  ]);
});

test("nobody changes or deletes an event; only old ones go, and only where retention says so", async () => {
  await record("stays");
  const refused = /only ever added/;
  await expect(db.pool.query("UPDATE events SET action = 'x.y'")).rejects.toThrow(refused);
  await expect(db.pool.query("DELETE FROM events")).rejects.toThrow(refused);
  await expect(db.pool.query("TRUNCATE events")).rejects.toThrow(refused);
  const sweep = (before: string) =>
    db.transaction(async (tx) => {
      await tx.$executeRaw`SELECT set_config('assay.events_before', ${before}, true)`;
      return tx.$executeRaw`DELETE FROM events WHERE created_at < ${before}::timestamptz`;
    });
  await expect(sweep("2999-01-01T00:00:00Z")).rejects.toThrow(refused);
  await db.pool.query(
    `INSERT INTO events (id, created_at, actor_type, action, object_type, object_name, changes)
     VALUES ('old', now() - interval '40 days', 'system', 'thing.make', 'thing', 'old', '[]')`,
  );
  await expect(db.pool.query("DELETE FROM events WHERE id = 'old'")).rejects.toThrow(refused);
  expect(await sweep(new Date(Date.now() - 31 * 86_400_000).toISOString())).toBe(1);
});

test("changes name what is different; secrets, texts of settings and code are not in them", () => {
  const before = { name: "a", code: "old", hosts: ["x"], enabled: true, passwordHash: "$argon2id$1", updatedAt: "1" };
  const after = { ...before, name: "b", code: "planted-code", passwordHash: "$argon2id$2", updatedAt: "2" };
  const changes = fieldChanges(
    { ...before, configValues: { apiKey: "planted-1", limit: 1, same: "x" } },
    { ...after, configValues: { apiKey: "planted-2", limit: 2, same: "x" } },
  );
  expect(changes).toEqual([
    { field: "name", before: "a", after: "b" },
    { field: "code", before: expect.stringMatching(/^sha256 [0-9a-f]{64}, 3 bytes$/), after: expect.anything() },
    { field: "passwordHash", before: "[redacted]", after: "[redacted]" },
    { field: "configValues.apiKey", before: "[redacted]", after: "[redacted]" },
    { field: "configValues.limit", before: 1, after: 2 },
  ]);
  expect(JSON.stringify(changes)).not.toMatch(/planted|argon2/);
  expect(fieldChanges(null, { passwordLengthMin: 12, options: { apiKey: "planted" } })).toEqual([
    { field: "passwordLengthMin", before: null, after: 12 },
    { field: "options", before: null, after: { apiKey: "[redacted]" } },
  ]);
  const [long] = fieldChanges({ description: "" }, { description: "x".repeat(5000) });
  expect(long?.after).toMatch(/, 5000 bytes$/);
});
