import { createLogger, createShutdown, type LauncherConfig, loadEnvironment, readLauncherConfig } from "@assay/process";
import { watchNpm } from "./launch/npm.ts";
import { startRole } from "./launch/part.ts";
import { announce, reportFailure } from "./launch/report.ts";
import { roleOptions, type RoleName } from "./launch/roles.ts";
import { say } from "./setup/say.ts";
import { fencePackages } from "./setup/packages.ts";
import { setUp, type Needs } from "./setup/setup.ts";

/** What each role needs that can be started alone, for installations on several machines. */
function needsOf(role: RoleName, { sandbox }: LauncherConfig): Needs {
  switch (role) {
    case "api":
      return { prismaClient: true, dashboard: true };
    case "worker":
      return { prismaClient: true };
    case "runner-javascript":
      return { packages: fencePackages(sandbox) };
    default:
      return { packages: [...fencePackages(sandbox), "python3"] };
  }
}

async function runRole(role: RoleName): Promise<void> {
  const env = loadEnvironment(process.cwd());
  const config = readLauncherConfig(env);
  const shutdown = createShutdown(createLogger({ name: "launcher", ...config.log }));
  watchNpm(env, () => void shutdown.stop("npm is gone", 0));
  await setUp(needsOf(role, config));
  const options = { ...roleOptions(role, env), signal: shutdown.signal };
  const running = await startRole(options);
  shutdown.register(options.name, running.stop, 30_000);
  say(`  ${options.name} is up`);
  announce(running.ready);
  const reason = await running.exited;
  if (!shutdown.signal.aborted) process.stderr.write(`The ${options.name} ended (${reason}).\n`);
  await shutdown.stop("the role ended", 1);
}

const role = process.argv[2] as RoleName;
try {
  await runRole(role);
} catch (error) {
  reportFailure(error);
  process.exit(1);
}
