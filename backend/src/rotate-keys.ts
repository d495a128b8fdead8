import { ConfigError, createLogger, readRotationConfig } from "@assay/process";
import { openDatabase } from "./db/database.ts";
import { migrate } from "./db/migrate.ts";
import { RotationError, rotateKeys } from "./features/secrets/rotate.ts";
import { createVault } from "./features/secrets/vault.ts";
import { StartError } from "./start-error.ts";

const connections = 2;

async function run(): Promise<void> {
  const { databaseUrl, encryptionKeys, log: logConfig } = readRotationConfig();
  const log = createLogger({ name: "rotate-keys", ...logConfig });
  const db = await openDatabase({ url: databaseUrl, connections, log });
  try {
    await migrate(databaseUrl, log);
    const vault = createVault(encryptionKeys);
    const { changed, kept } = await rotateKeys(db, vault, (count) => process.stdout.write(`  ${count} so far\n`));
    process.stdout.write(`Under the key ${vault.keyId}: ${changed} encrypted anew, ${kept} already.\n`);
  } finally {
    await db.close();
  }
}

try {
  await run();
} catch (error) {
  const expected = error instanceof StartError || error instanceof ConfigError || error instanceof RotationError;
  process.stderr.write(`${expected ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
}
