import { ConfigError, createLogger, readDatabaseConfig } from "@assay/process";
import { systemClock } from "./context.ts";
import { openDatabase } from "./db/database.ts";
import { migrate } from "./db/migrate.ts";
import { RecoveryError, recoverAccount } from "./features/users/recover.ts";
import { StartError } from "./start-error.ts";

const connections = 2;

async function run(email: string, admin: boolean): Promise<void> {
  const { databaseUrl, log: logConfig } = readDatabaseConfig();
  const log = createLogger({ name: "reset-password", ...logConfig });
  const db = await openDatabase({ url: databaseUrl, connections, log });
  try {
    await migrate(databaseUrl, log);
    const { password, roles } = await recoverAccount(db, systemClock, email, { admin });
    process.stdout.write(`The new password of ${email} is ${password}   (shown only this once)\n`);
    process.stdout.write(`Its sessions have ended. Roles: ${roles.join(", ") || "none"}.\n`);
  } finally {
    await db.close();
  }
}

try {
  const [email = "", ...options] = process.argv.slice(2);
  await run(email, options.includes("--admin"));
} catch (error) {
  const expected = error instanceof StartError || error instanceof ConfigError || error instanceof RecoveryError;
  process.stderr.write(`${expected ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
}
