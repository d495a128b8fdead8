import {
  createLogger,
  createShutdown,
  readLauncherConfig,
  type Environment,
  type LauncherConfig,
} from "@assay/process";
import { startEmbeddedPostgres } from "../postgres/embedded.ts";
import { say } from "../setup/say.ts";
import { setUp, type Needs } from "../setup/setup.ts";
import { checkDatabase } from "./foreign-database.ts";
import { openKeys } from "./keys.ts";
import { lockDataDir } from "./lock.ts";
import { watchNpm } from "./npm.ts";
import { startRole, type ReadyMessage, type Role, type Running } from "./part.ts";
import { checkPortFree, freePort } from "./port.ts";
import { announce, reportFailure } from "./report.ts";
import { roleOptions, type RoleName } from "./roles.ts";
import { supervise, type Supervised } from "./supervise.ts";

export interface Launched {
  readonly config: LauncherConfig;
  /** Aborts when all is about to be stopped. */
  readonly signal: AbortSignal;
  /** Closed before everything that was opened earlier. */
  register(name: string, close: () => Promise<void> | void): void;
  /** The parts by their role's name, for restarts. */
  readonly parts: ReadonlyMap<RoleName, Supervised>;
}

const stopLimitMs = 30_000;

/**
 * Brings everything up on this machine, one line of progress per step, and keeps it up. Ends the process with exit code 1 and one
 * sentence where that is impossible; on SIGINT or SIGTERM stops all parts in reverse order.
 */
export async function launch(env: Environment, needs: Needs): Promise<Launched> {
  const config = readLauncherConfig(env);
  const logger = createLogger({ name: "launcher", ...config.log });
  const shutdown = createShutdown(logger);
  const parts = new Map<RoleName, Supervised>();
  watchNpm(env, () => void shutdown.stop("npm is gone", 0));

  /** Starts a part and keeps it running. What is being started is registered at once, so that the order of stopping is that of the calls. */
  async function open<Part extends Running>(name: string, start: () => Promise<Part>): Promise<[Part, Supervised]> {
    const starting = start().then((part): [Part, Supervised] => [part, supervise(name, part, start, logger)]);
    const close = () => starting.then(([, supervised]) => supervised.stop()).catch(() => undefined);
    shutdown.register(name, close, stopLimitMs);
    const opened = await starting;
    say(`  ${name} is up`);
    return opened;
  }

  async function openRole(role: RoleName, roleEnv: Environment): Promise<ReadyMessage> {
    const options = { ...roleOptions(role, roleEnv), signal: shutdown.signal };
    const [part, supervised] = await open<Role>(options.name, () => startRole(options));
    parts.set(role, supervised);
    return part.ready;
  }

  async function openDatabase(): Promise<string> {
    if (config.databaseUrl === undefined) {
      const start = () => startEmbeddedPostgres({ dataDir: config.dataDir });
      const [database] = await open("PostgreSQL", start);
      return database.url;
    }
    return config.databaseUrl;
  }

  /** A port is chosen once, so that a runner that was restarted is where the backend looks for it. */
  async function openRunner(language: "javascript" | "python", runnerEnv: Environment): Promise<string> {
    const elsewhere = config.runners[language];
    if (elsewhere) return elsewhere.join(",");
    const address = `127.0.0.1:${await freePort()}`;
    await openRole(`runner-${language}`, { ...runnerEnv, ASSAY_RUNNER_LISTEN: address });
    return address;
  }

  try {
    shutdown.register("lock", await lockDataDir(config.dataDir));
    await checkPortFree(config.host, config.port);
    const keys = await openKeys(config);
    if (config.databaseUrl !== undefined) await checkDatabase(config.databaseUrl);
    say(`Assay is starting; its data is in ${config.dataDir}`);
    await setUp(needs);
    const common = {
      ...env,
      ASSAY_SESSION_SECRET: keys.sessionSecret,
      ASSAY_RUNNER_TOKEN: keys.runnerToken,
      ASSAY_ENCRYPTION_KEYS: keys.encryptionKeys,
    };
    const [databaseUrl, javascript, python] = await Promise.all([
      openDatabase(),
      openRunner("javascript", common),
      openRunner("python", common),
    ]);
    const ready = await openRole("all", {
      ...common,
      DATABASE_URL: databaseUrl,
      ASSAY_RUNNERS_JAVASCRIPT: javascript,
      ASSAY_RUNNERS_PYTHON: python,
    });
    announce(ready);
  } catch (error) {
    // Parts that are asked to stop while they start fail, which is no news.
    if (!shutdown.signal.aborted) reportFailure(error);
    await shutdown.stop("Assay could not start", 1);
  }
  return { config, signal: shutdown.signal, register: shutdown.register, parts };
}
