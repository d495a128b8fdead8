import { spawn } from "node:child_process";
import { join } from "node:path";
import { reportFailure } from "../launch/report.ts";
import { root } from "./run.ts";
import { setUp, type Needs } from "./setup.ts";

/** Sees to what a program of this repository needs, then runs it on this terminal with this process's arguments and exits as it does. */
export async function runProgram(path: string, needs: Needs): Promise<void> {
  try {
    await setUp(needs);
    const args = [join(root, path), ...process.argv.slice(2)];
    const child = spawn(process.execPath, args, { cwd: root, stdio: "inherit" });
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
    child.once("exit", (code) => (process.exitCode = code ?? 1));
  } catch (error) {
    reportFailure(error);
    process.exitCode = 1;
  }
}
