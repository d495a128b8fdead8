import { createLogger } from "@assay/process";
import { Client } from "pg";
import { expect, inject, test } from "vitest";
import { diagnoseMigrations, diffDatabase } from "../../prisma/diff-migrations.ts";
import { newId } from "../ids.ts";
import { openDatabase } from "./database.ts";
import { migrate, readMigrations } from "./migrate.ts";

const log = createLogger({ name: "test", level: "error", format: "pretty" });

async function emptyDatabase(): Promise<string> {
  const url = new URL(inject("postgresUrl"));
  const client = new Client({ connectionString: url.href });
  await client.connect();
  url.pathname = `/assay_test_${newId()}`;
  await client.query(`CREATE DATABASE ${url.pathname.slice(1)}`);
  await client.end();
  return url.href;
}

test("two processes that start at once migrate an empty database once, to what schema.prisma says, as Prisma would", async () => {
  const url = await emptyDatabase();
  const names = (await readMigrations()).map(({ name }) => name);
  const applied = await Promise.all([migrate(url, log), migrate(url, log)]);
  expect(applied.toSorted((a, b) => a.length - b.length)).toEqual([[], names]);
  expect(await diffDatabase(url)).toBeNull();
  expect(await diagnoseMigrations(url)).toEqual([]);
  expect(await migrate(url, log)).toEqual([]);
});

test("a database of a newer version is left alone", async () => {
  const url = await emptyDatabase();
  await migrate(url, log);
  const db = await openDatabase({ url, connections: 1, log });
  await db.pool.query(
    "INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', 'y', '29990101000000_later', now())",
  );
  await db.close();
  await expect(migrate(url, log)).rejects.toThrow("newer version of Assay (29990101000000_later)");
});

test("a database that cannot be used is refused in one sentence without its password", async () => {
  const open = (url: string) => openDatabase({ url, connections: 1, log });
  await expect(open("postgresql://assay:hidden@127.0.0.1:1/assay")).rejects.toThrow(
    "PostgreSQL at 127.0.0.1:1/assay cannot be reached (connect ECONNREFUSED 127.0.0.1:1). Start PostgreSQL, or correct DATABASE_URL.",
  );
  const url = new URL(inject("postgresUrl"));
  url.pathname = "/assay_missing";
  await expect(open(url.href)).rejects.toThrow('refused the connection (database "assay_missing" does not exist)');
});
