import { formatEncryptionKeys, loadEnvironment, readLauncherConfig } from "@assay/process";
import { Failure } from "./failure.ts";
import { renewEncryptionKeys } from "./launch/keys.ts";
import { reportFailure } from "./launch/report.ts";
import { runBackendProgram, withDatabase } from "./postgres/with-database.ts";

/**
 * Encrypts every secret of a database under the first of the keys. With keys of one's own the new one has been put first by hand; those in
 * the data directory get one here.
 */
async function main(): Promise<void> {
  const config = readLauncherConfig(loadEnvironment(process.cwd()));
  const { dataDir, databaseUrl, encryptionKeys } = config;
  if (databaseUrl !== undefined && !encryptionKeys)
    throw new Failure("ASSAY_ENCRYPTION_KEYS must be set where DATABASE_URL is: the new key first.");
  await withDatabase(config, async (url) => {
    const keys = encryptionKeys ? formatEncryptionKeys(encryptionKeys) : await renewEncryptionKeys(dataDir);
    await runBackendProgram("rotate-keys.ts", [], { DATABASE_URL: url, ASSAY_ENCRYPTION_KEYS: keys });
  });
}

try {
  await main();
} catch (error) {
  reportFailure(error);
  process.exitCode = 1;
}
