import { statSync, watch } from "node:fs";
import { join } from "node:path";
import { loadEnvironment } from "@assay/process";
import { createServer } from "vite";
import { launch, type Launched } from "./launch/launch.ts";
import { reportFailure } from "./launch/report.ts";
import type { RoleName } from "./launch/roles.ts";
import { root } from "./setup/run.ts";
import { say } from "./setup/say.ts";

const everybody: RoleName[] = ["runner-javascript", "runner-python", "all"];
const watched: Readonly<Record<string, RoleName[]>> = {
  packages: everybody,
  proto: everybody,
  backend: ["all"],
  sources: ["all"],
  "runners/common": ["runner-javascript", "runner-python"],
  "runners/javascript": ["runner-javascript"],
  "runners/python": ["runner-python"],
};
/** An editor that saves all files makes one restart. */
const settleMs = 200;

/** Runners link files into their sandboxes, which is reported as a change, but leaves the time of the last one. */
function isFresh(path: string): boolean {
  const writtenAtMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
  return Date.now() - writtenAtMs < 10_000;
}

function restartOnChange({ parts, register }: Launched): void {
  const waiting = new Map<RoleName, NodeJS.Timeout>();
  for (const [folder, roles] of Object.entries(watched)) {
    const watcher = watch(join(root, folder), { recursive: true }, (_, file) => {
      if (file === null || /node_modules|generated|__pycache__|\.test\.ts$/.test(file)) return;
      if (!isFresh(join(root, folder, file))) return;
      for (const role of roles) {
        clearTimeout(waiting.get(role));
        waiting.set(
          role,
          setTimeout(() => void parts.get(role)?.restart(), settleMs),
        );
      }
    });
    register(`watch ${folder}`, () => watcher.close());
  }
}

async function serveDashboard({ config, register }: Launched): Promise<void> {
  const server = await createServer({
    configFile: join(root, "frontend", "vite.config.ts"),
    server: { proxy: { "/api": { target: `http://127.0.0.1:${config.port}` } } },
  });
  await server.listen();
  register("dashboard", () => server.close());
  say(`The dashboard, reloading on change: ${server.resolvedUrls?.local[0]}`);
}

try {
  const launched = await launch(loadEnvironment(process.cwd()), {
    packages: ["bubblewrap", "python3"],
    prismaClient: true,
    dashboard: true,
  });
  restartOnChange(launched);
  await serveDashboard(launched);
} catch (error) {
  reportFailure(error);
  process.exitCode = 1;
}
