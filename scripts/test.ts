import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Failure } from "./failure.ts";
import { reportFailure } from "./launch/report.ts";
import { root } from "./setup/run.ts";
import { say } from "./setup/say.ts";
import { setUp } from "./setup/setup.ts";

interface Result {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
}

/** Runs vitest on this terminal. Resolves with its exit code. */
async function runVitest(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [join(root, "node_modules/vitest/vitest.mjs"), "run", ...args], {
    cwd: root,
    stdio: "inherit",
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
}

const folder = await mkdtemp(join(tmpdir(), "assay-test-"));
try {
  await setUp({
    packages: ["bubblewrap", "python3", "python3-requests", "python3-httpx", "redis-server", "chromium"],
    prismaClient: true,
    dashboard: true,
  });
  const report = join(folder, "report.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const exitCode = await runVitest([...reporters, ...process.argv.slice(2)]);
  const text = await readFile(report, "utf8").catch(() => {
    throw new Failure("Vitest ended without a result: see its message above.");
  });
  const result: Result = JSON.parse(text);
  const skipped = result.numPendingTests + result.numTodoTests;
  // A file that cannot be loaded has no failed test of its own, and yet has failed.
  const failed = Math.max(result.numFailedTests, exitCode === 0 ? 0 : 1);
  say(`${result.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  process.exitCode = exitCode;
} catch (error) {
  reportFailure(error);
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
