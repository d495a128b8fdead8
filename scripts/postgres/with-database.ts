import type { LauncherConfig } from "@assay/process";
import { Failure } from "../failure.ts";
import { lockDataDir } from "../launch/lock.ts";
import { root, run } from "../setup/run.ts";
import { say } from "../setup/say.ts";
import { setUp } from "../setup/setup.ts";
import { startEmbeddedPostgres } from "./embedded.ts";

/**
 * Works on the database that is configured, or on the embedded one, which is up for so long.
 * @throws Failure where Assay uses the embedded one at the moment
 */
export async function withDatabase(
  { dataDir, databaseUrl }: Pick<LauncherConfig, "dataDir" | "databaseUrl">,
  work: (databaseUrl: string) => Promise<void>,
): Promise<void> {
  if (databaseUrl !== undefined) {
    await setUp({ prismaClient: true });
    return work(databaseUrl);
  }
  const unlock = await lockDataDir(dataDir);
  try {
    await setUp({ packages: ["bubblewrap"], prismaClient: true });
    const postgres = await startEmbeddedPostgres({ dataDir });
    await work(postgres.url).finally(postgres.stop);
  } finally {
    await unlock();
  }
}

/** Runs a program of the backend and says what it prints. @throws Failure with that where it fails */
export async function runBackendProgram(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const { exitCode, output } = await run(process.execPath, [`${root}/backend/src/${file}`, ...args], env);
  if (exitCode !== 0) throw new Failure(output.trim());
  say(output.trim());
}
