import { hostname } from "node:os";
import { join } from "node:path";
import {
  type ApiConfig,
  ConfigError,
  createLogger,
  createShutdown,
  readApiConfig,
  readWorkerConfig,
  startTelemetry,
} from "@assay/process";
import { startBackend } from "./backend.ts";
import type { FirstAdmin } from "./features/auth/first-admin.ts";
import { StartError } from "./start-error.ts";

const roles = ["api", "worker", "all"] as const;
type Role = (typeof roles)[number];
const root = join(import.meta.dirname, "../..");

function readRole(argument: string | undefined): Role {
  const role = roles.find((each) => each === argument);
  if (!role) throw new StartError(`Say what to start: node backend/src/main.ts ${roles.join("|")}`);
  return role;
}

async function run(role: Role): Promise<void> {
  const api = role === "worker" ? null : readApiConfig();
  const config = api ?? readWorkerConfig();
  const log = createLogger({ name: role === "all" ? "backend" : role, ...config.log });
  const shutdown = createShutdown(log);
  const telemetry = startTelemetry({
    serviceName: `assay-${role === "all" ? "backend" : role}`,
    ...config.telemetry,
    onExportError: (err) => log.warn({ err }, "traces cannot be sent"),
  });
  shutdown.register("telemetry", telemetry.shutdown);
  try {
    const backend = await startBackend({
      config,
      api,
      worker: role !== "api",
      node: api ? `${hostname()}:${api.port}` : `${hostname()}:worker-${process.pid}`,
      log,
      stopping: shutdown.signal,
      register: shutdown.register,
      catalogueFolder: join(root, "sources"),
      ignoreListsFolder: join(root, "ignore-lists"),
      dashboardFolder: join(root, "frontend/dist"),
    });
    announce(api, backend.admin);
  } catch (error) {
    report(error);
    await shutdown.stop("the start failed", 1);
  }
}

/** Tells whoever waits for it that work can be taken: the launcher by message, else a person. */
function announce(api: ApiConfig | null, admin: FirstAdmin | null): void {
  const ready = { type: "ready", ...(api && { url: api.publicUrl }), ...(admin && { admin }) };
  if (process.send) {
    process.send(ready);
    return;
  }
  if (api) process.stdout.write(`Assay is ready at ${api.publicUrl}\n`);
  if (admin) {
    const password = admin.password === undefined ? "the password from ASSAY_ADMIN_PASSWORD" : admin.password;
    process.stdout.write(`Sign in as ${admin.email} with ${password}\n`);
  }
}

/** What a person can mend is one message; all else is shown whole. */
function report(error: unknown): void {
  const expected = error instanceof StartError || error instanceof ConfigError;
  process.stderr.write(`${expected ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
}

try {
  await run(readRole(process.argv[2]));
} catch (error) {
  report(error);
  process.exitCode = 1;
}
