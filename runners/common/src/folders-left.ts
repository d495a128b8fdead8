import { lstatSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { exists } from "./fence/orphans.ts";

/**
 * Removes folders of processes that were killed before they could tidy up.
 * @param prefix what their names begin with, before the process id and a hyphen
 */
export function removeFoldersLeft(folder: string, prefix: string): void {
  for (const name of readdirSync(folder).filter((entry) => entry.startsWith(prefix))) {
    const pid = /^(\d+)-/.exec(name.slice(prefix.length))?.[1];
    if (pid === undefined || exists(Number(pid))) continue;
    const path = join(folder, name);
    try {
      if (lstatSync(path).uid === process.getuid?.()) rmSync(path, { recursive: true, force: true });
    } catch {
      // Somebody else removes it at this moment.
    }
  }
}
