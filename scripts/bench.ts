import { spawn } from "node:child_process";
import { join } from "node:path";
import { reportFailure } from "./launch/report.ts";
import { root } from "./setup/run.ts";
import { setUp } from "./setup/setup.ts";

try {
  await setUp({ packages: ["bubblewrap", "python3"], prismaClient: true, dashboard: true });
  const args = [join(root, "bench/src/main.ts"), ...process.argv.slice(2)];
  const child = spawn(process.execPath, args, { cwd: root, stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  child.once("exit", (code) => (process.exitCode = code ?? 1));
} catch (error) {
  reportFailure(error);
  process.exitCode = 1;
}
