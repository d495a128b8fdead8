import { accessSync, constants, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname } from "node:path";
import { FenceError } from "./fence-remedy.ts";
import { openStaging, type Staging } from "./staging.ts";
import type { FenceArch } from "./system-calls.ts";

const programFolders = ["/usr/bin", "/bin", "/usr/local/bin", "/run/current-system/sw/bin"];

/** This machine's architecture, if the fence knows it. */
export function fenceArch(): FenceArch {
  const { arch, platform } = process;
  if (platform === "linux" && (arch === "x64" || arch === "arm64")) return arch;
  throw new FenceError({ what: "platform", platform: `${platform} on ${arch}` });
}

/** Absolute path of a program. Throws a FenceError that names the package to install. */
export function findProgram(program: string, debianPackage: string): string {
  for (const folder of programFolders) {
    try {
      accessSync(`${folder}/${program}`, constants.X_OK);
      return `${folder}/${program}`;
    } catch {
      // Perhaps in the next folder.
    }
  }
  throw new FenceError({ what: "program", program, debianPackage });
}

/** For a fence of root, which becomes another user. Throws a FenceError when that user could not reach the copies. */
export function openStagingForOthers(): Staging {
  const folder = tmpdir();
  for (let path = folder; ; path = dirname(path)) {
    if ((statSync(path).mode & 0o001) === 0) throw new FenceError({ what: "staging", folder });
    if (path === "/") return openStaging(folder);
  }
}
