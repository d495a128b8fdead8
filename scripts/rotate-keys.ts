import { formatEncryptionKeys, loadEnvironment, readLauncherConfig } from "@assay/process";
import { Failure } from "./failure.ts";
import { renewEncryptionKeys } from "./launch/keys.ts";
import { lockDataDir } from "./launch/lock.ts";
import { reportFailure } from "./launch/report.ts";
import { startEmbeddedPostgres } from "./postgres/embedded.ts";
import { root, run } from "./setup/run.ts";
import { say } from "./setup/say.ts";
import { setUp } from "./setup/setup.ts";

/** Encrypts every secret of a database under the first of the keys. @throws Failure */
async function rotate(databaseUrl: string, encryptionKeys: string): Promise<void> {
  const env = { DATABASE_URL: databaseUrl, ASSAY_ENCRYPTION_KEYS: encryptionKeys };
  const { exitCode, output } = await run(process.execPath, [`${root}/backend/src/rotate-keys.ts`], env);
  if (exitCode !== 0) throw new Failure(output.trim());
  say(output.trim());
}

/** With keys of one's own the new one has been put first by hand; those in the data directory get one here. */
async function main(): Promise<void> {
  const { dataDir, databaseUrl, encryptionKeys } = readLauncherConfig(loadEnvironment(process.cwd()));
  if (databaseUrl !== undefined) {
    if (!encryptionKeys)
      throw new Failure("ASSAY_ENCRYPTION_KEYS must be set where DATABASE_URL is: the new key first.");
    await setUp({ prismaClient: true });
    return rotate(databaseUrl, formatEncryptionKeys(encryptionKeys));
  }
  const unlock = await lockDataDir(dataDir);
  try {
    await setUp({ packages: ["bubblewrap"], prismaClient: true });
    const keys = encryptionKeys ? formatEncryptionKeys(encryptionKeys) : await renewEncryptionKeys(dataDir);
    const postgres = await startEmbeddedPostgres({ dataDir });
    await rotate(postgres.url, keys).finally(postgres.stop);
  } finally {
    await unlock();
  }
}

try {
  await main();
} catch (error) {
  reportFailure(error);
  process.exitCode = 1;
}
