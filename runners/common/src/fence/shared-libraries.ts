import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Absolute host paths of the dynamic loader and of every shared library that the programs need, as `ldd` finds them.
 * @throws Error when a library is missing or a program cannot be read.
 */
export async function sharedLibrariesOf(programs: readonly string[]): Promise<string[]> {
  const { stdout } = await run("ldd", [...programs], { env: { PATH: "/usr/bin:/bin" } });
  const missing = /^\s*(\S+) => not found/m.exec(stdout)?.[1];
  if (missing !== undefined) throw new Error(`${programs.join(", ")}: the shared library ${missing} is not installed.`);
  const paths = stdout.split("\n").map((line) => /(?:=>\s+)?(\/\S+) \(0x[0-9a-f]+\)$/.exec(line)?.[1]);
  return [...new Set(paths.filter((path) => path !== undefined))];
}

/** The one among `libraries` that loads the others. */
export function dynamicLoader(libraries: readonly string[]): string {
  const loader = libraries.find((path) => /\/ld-[^/]*$/.test(path));
  if (loader === undefined)
    throw new Error("No dynamic loader found: the fence needs a system with glibc (Debian, Ubuntu, Fedora, …).");
  return loader;
}
