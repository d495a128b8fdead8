import { readdirSync, readFileSync } from "node:fs";

export interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Every process of this machine that can be seen. */
export function processes(): ProcessInfo[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ").trim();
        const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        return state === "Z" ? [] : [{ pid: Number(name), parent: Number(parent), command }];
      } catch {
        // It ended meanwhile.
        return [];
      }
    });
}

/** A process and all below it. */
export function family(pid: number): ProcessInfo[] {
  const all = processes();
  const found = all.filter((process) => process.pid === pid);
  for (const process of found) found.push(...all.filter((candidate) => candidate.parent === process.pid));
  return found;
}

/** The one process of this family whose command line holds the text, nearest to the top. */
export function find(pid: number, text: string): ProcessInfo {
  const found = family(pid).find((process) => process.command.includes(text));
  if (!found)
    throw new Error(
      `No process with "${text}" among:\n${family(pid)
        .map((process) => process.command)
        .join("\n")}`,
    );
  return found;
}

/** The environment of a process, as the kernel has it; empty for one that has ended. */
export function environmentOf(pid: number): Buffer {
  try {
    return readFileSync(`/proc/${pid}/environ`);
  } catch {
    return Buffer.alloc(0);
  }
}
