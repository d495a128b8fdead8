import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createLogger } from "@assay/process";
import { PrismaPg } from "@prisma/adapter-pg";
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlQuery,
} from "@prisma/driver-adapter-utils";
import { SchemaEngine } from "@prisma/schema-engine-wasm";
import { Client, Pool, type QueryConfig, type QueryResult } from "pg";
import { migrate, readMigrations } from "../src/db/migrate.ts";

const filters = { externalTables: [], externalEnums: [] };
const schemaPath = join(import.meta.dirname, "schema.prisma");
const charOid = 18;
const dateOid = 1082;

/**
 * The engine reads catalogue columns of the type "char", which the adapter does not know. They are passed through it as dates,
 * of which the catalogue has none, and named again behind it.
 */
function createAdapterFactory(pool: Pool): SqlMigrationAwareDriverAdapterFactory {
  const query = pool.query.bind(pool) as (config: QueryConfig) => Promise<QueryResult>;
  const queryCharAsDate = async (config: QueryConfig): Promise<QueryResult> => {
    const result = await query(config);
    for (const field of result.fields) if (field.dataTypeID === charOid) field.dataTypeID = dateOid;
    return result;
  };
  const factory = new PrismaPg(Object.assign(pool, { query: queryCharAsDate }));
  const connect = async () => {
    const adapter = await factory.connect();
    const queryRaw = adapter.queryRaw.bind(adapter);
    return Object.assign(adapter, {
      queryRaw: async (sql: SqlQuery) => {
        const result = await queryRaw(sql);
        const { Date: date, Character: character } = ColumnTypeEnum;
        return { ...result, columnTypes: result.columnTypes.map((type) => (type === date ? character : type)) };
      },
    });
  };
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect,
    connectToShadowDb: () => factory.connectToShadowDb(),
  };
}

async function withEngine<T>(url: string, use: (engine: SchemaEngine) => Promise<T>): Promise<T> {
  const datamodels: [string, string][] = [[schemaPath, await readFile(schemaPath, "utf8")]];
  const pool = new Pool({ connectionString: url });
  const adapter = bindMigrationAwareSqlAdapterFactory(createAdapterFactory(pool));
  const engine = await SchemaEngine.new({ datamodels }, () => undefined, adapter);
  try {
    return await use(engine);
  } finally {
    engine.free();
    await pool.end();
  }
}

/** The SQL that leads from the migrated database at `url` to `schema.prisma`; null when there is no difference. */
export async function diffDatabase(url: string): Promise<string | null> {
  const files = [{ path: schemaPath, content: await readFile(schemaPath, "utf8") }];
  const { exitCode, stdout } = await withEngine(url, (engine) =>
    engine.diff({
      from: { tag: "schemaDatasource", files, configDir: import.meta.dirname },
      to: { tag: "schemaDatamodel", files },
      script: true,
      exitCode: true,
      filters,
    }),
  );
  return exitCode === 0 ? null : stdout;
}

/** What Prisma itself says of the migrations of the database at `url`: `[]` when all are applied as they stand in the folder. */
export async function diagnoseMigrations(url: string): Promise<string[]> {
  const migrations = await readMigrations();
  const migrationsList = {
    baseDir: join(import.meta.dirname, "migrations"),
    lockfile: { path: "migration_lock.toml", content: 'provider = "postgresql"' },
    shadowDbInitScript: "",
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: "migration.sql", content: { tag: "ok" as const, value: sql } },
    })),
  };
  const found = await withEngine(url, (engine) =>
    engine.diagnoseMigrationHistory({ migrationsList, optInToShadowDatabase: false, filters }),
  );
  return [
    ...(found.hasMigrationsTable ? [] : ["there is no table of migrations"]),
    ...(found.history === null ? [] : [`the history is not that of the folder: ${found.history.diagnostic}`]),
    ...found.editedMigrationNames.map((name) => `${name} has another checksum`),
    ...found.failedMigrationNames.map((name) => `${name} failed`),
  ];
}

/**
 * The SQL that leads from the migrations to `schema.prisma`; null when there is no difference.
 * `url` names any database of a server where databases may be created; a scratch one is made and dropped.
 */
export async function diffMigrations(url: string): Promise<string | null> {
  const scratch = new URL(url);
  scratch.pathname = `/assay_scratch_${randomUUID().slice(0, 8)}`;
  const name = scratch.pathname.slice(1);
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE "${name}"`);
    await migrate(scratch.href, createLogger({ name: "migrations", level: "error", format: "pretty" }));
    return await diffDatabase(scratch.href);
  } finally {
    await client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
    await client.end();
  }
}
