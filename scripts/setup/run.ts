import { spawn } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { loadEnvironment } from "@assay/process";

/** The checkout's own folder. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export interface Finished {
  readonly exitCode: number;
  /** Standard output and error, as they came, without colours. */
  readonly output: string;
}

/**
 * Runs a program in the checkout to its end, collecting what it says. Its environment is ours and `env`.
 * @param signal asks it to end when it fires
 */
export async function run(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<Finished> {
  const child = spawn(command, args, {
    cwd: root,
    env: { ...loadEnvironment(root), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  // Whoever is stopped in the middle of this leaves nothing running.
  const stopChild = () => void child.kill();
  process.once("exit", stopChild);
  signal?.addEventListener("abort", stopChild, { once: true });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output += text));
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  }).finally(() => {
    process.off("exit", stopChild);
    signal?.removeEventListener("abort", stopChild);
  });
  return { exitCode, output: stripVTControlCharacters(output) };
}

/** Runs a JavaScript program of an npm package with this Node. `program` is its path below node_modules. */
export function runNode(program: string, args: readonly string[], env: Record<string, string> = {}): Promise<Finished> {
  return run(process.execPath, [`${root}/node_modules/${program}`, ...args], env);
}
