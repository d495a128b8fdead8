import { parseArgs } from "node:util";
import { loadEnvironment, readLauncherConfig } from "@assay/process";
import { Failure } from "./failure.ts";
import { lockDataDir } from "./launch/lock.ts";
import { reportFailure } from "./launch/report.ts";
import { startEmbeddedPostgres } from "./postgres/embedded.ts";
import { root, run } from "./setup/run.ts";
import { say } from "./setup/say.ts";
import { setUp } from "./setup/setup.ts";

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

/** @throws Failure */
async function reset(databaseUrl: string, { email, admin }: Wish): Promise<void> {
  const args = [`${root}/backend/src/reset-password.ts`, email, ...(admin ? ["--admin"] : [])];
  const { exitCode, output } = await run(process.execPath, args, { DATABASE_URL: databaseUrl });
  if (exitCode !== 0) throw new Failure(output.trim());
  say(output.trim());
}

async function main(): Promise<void> {
  const wish = readWish(process.argv.slice(2));
  const { dataDir, databaseUrl } = readLauncherConfig(loadEnvironment(process.cwd()));
  if (databaseUrl !== undefined) {
    await setUp({ prismaClient: true });
    return reset(databaseUrl, wish);
  }
  const unlock = await lockDataDir(dataDir);
  try {
    await setUp({ packages: ["bubblewrap"], prismaClient: true });
    const postgres = await startEmbeddedPostgres({ dataDir });
    await reset(postgres.url, wish).finally(postgres.stop);
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
