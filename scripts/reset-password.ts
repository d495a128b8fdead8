import { parseArgs } from "node:util";
import { loadEnvironment, readLauncherConfig } from "@assay/process";
import { Failure } from "./failure.ts";
import { reportFailure } from "./launch/report.ts";
import { runBackendProgram, withDatabase } from "./postgres/with-database.ts";

const usage = `npm run reset-password -- <e-mail> [--admin]

Gives the account a new password, shown once; enables it and ends its sessions. --admin makes it an administrator as well.
With the embedded database, stop Assay first; with DATABASE_URL it may run.`;

interface Wish {
  readonly email: string;
  readonly admin: boolean;
}

/** @throws Failure that shows how it is done */
function readWish(args: readonly string[]): Wish {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { admin: { type: "boolean", default: false } },
    });
    const [email, ...more] = positionals;
    if (email?.includes("@") && more.length === 0) return { email, admin: values.admin };
  } catch {
    // An option that there is not.
  }
  throw new Failure(usage);
}

async function main(): Promise<void> {
  const { email, admin } = readWish(process.argv.slice(2));
  await withDatabase(readLauncherConfig(loadEnvironment(process.cwd())), (databaseUrl) =>
    runBackendProgram("reset-password.ts", [email, ...(admin ? ["--admin"] : [])], { DATABASE_URL: databaseUrl }),
  );
}

try {
  await main();
} catch (error) {
  reportFailure(error);
  process.exitCode = 1;
}
