import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "@assay/process";
import { Client } from "pg";
import { StartError } from "../start-error.ts";

const migrationsDir = join(import.meta.dirname, "../../prisma/migrations");
/** The key that `prisma migrate` locks, so that it and several of our processes exclude each other. */
const advisoryLockKey = 72_707_369;

/** Prisma's own table, letter by letter. */
const createTable = `
  CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                  VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum            VARCHAR(64) NOT NULL,
    finished_at         TIMESTAMPTZ,
    migration_name      VARCHAR(255) NOT NULL,
    logs                TEXT,
    rolled_back_at      TIMESTAMPTZ,
    started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`;
const selectApplied = `
  SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
  FROM _prisma_migrations WHERE rolled_back_at IS NULL`;
const insertApplied = `
  INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
  VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`;

interface Migration {
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file, as Prisma keeps it. */
  readonly checksum: string;
}

interface AppliedMigration {
  readonly name: string;
  readonly checksum: string;
  readonly finished: boolean;
}

/** The migrations of this version of Assay, oldest first. */
export async function readMigrations(): Promise<Migration[]> {
  const entries = await readdir(migrationsDir, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.toSorted().map(async (name) => {
      const sql = await readFile(join(migrationsDir, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    }),
  );
}

/**
 * Brings the database at `url` to this version's schema. Processes that start together wait for each other.
 * Returns the names of the migrations applied.
 * @throws StartError when the database is that of a newer version, or a migration fails (its changes are undone).
 */
export async function migrate(url: string, log: Logger): Promise<string[]> {
  const migrations = await readMigrations();
  const client = new Client({ connectionString: url });
  // The loss of the connection also fails the query under way; without a listener it would end the process.
  client.on("error", () => undefined);
  await client.connect();
  try {
    await client.query("SELECT pg_advisory_lock($1)", [advisoryLockKey]);
    await client.query(createTable);
    const { rows: applied } = await client.query<AppliedMigration>(selectApplied);
    const waiting = pending(migrations, applied, log);
    for (const migration of waiting) await apply(client, migration);
    return waiting.map((migration) => migration.name);
  } finally {
    await client.end();
  }
}

function pending(migrations: readonly Migration[], applied: readonly AppliedMigration[], log: Logger): Migration[] {
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const { name, checksum, finished } of applied) {
    const migration = known.get(name);
    if (!migration) {
      throw new StartError(
        `The database was migrated by a newer version of Assay (${name}). Start that version, or restore a backup from before it.`,
      );
    }
    if (!finished) {
      throw new StartError(
        `The migration ${name} stopped half-way in an earlier start with prisma migrate. Mend the database, then run: prisma migrate resolve`,
      );
    }
    if (checksum !== migration.checksum) log.warn({ migration: name }, "an applied migration differs from its file");
  }
  const done = new Set(applied.map((migration) => migration.name));
  return migrations.filter((migration) => !done.has(migration.name));
}

async function apply(client: Client, migration: Migration): Promise<void> {
  await client.query("BEGIN");
  try {
    await client.query(migration.sql);
    await client.query(insertApplied, [randomUUID(), migration.checksum, migration.name]);
    await client.query("COMMIT");
  } catch (cause) {
    await client.query("ROLLBACK").catch(() => undefined);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartError(`The database could not be brought to this version: migration ${migration.name}: ${reason}`, {
      cause,
    });
  }
}
