import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres } from "@assay/scripts/postgres";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Address of a PostgreSQL for this run of the tests, as a role that may create databases. */
    postgresUrl: string;
  }
}

/** One PostgreSQL for all test files that may want one; it ends with the run, also with a killed one. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), "assay-postgres-"));
  const postgres = await startEmbeddedPostgres({ dataDir, durable: false });
  provide("postgresUrl", postgres.url);
  return async () => {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}
