import { readdirSync, readFileSync } from "node:fs";

const namePattern = /^assay-sandbox-(\d+)$/;

/** What bubblewrap is called in the list of processes: it tells whose it is. */
export const sandboxName = (runnerPid: number): string => `assay-sandbox-${runnerPid}`;

/** The children of a process of this one's; none when it has ended. */
export function childrenOf(pid: number | undefined): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    return text
      .split(" ")
      .filter((part) => part !== "")
      .map(Number);
  } catch {
    return [];
  }
}

/** Whether there is such a process, whoever it belongs to. */
export function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

/**
 * Ends what runners have left that were killed themselves while bubblewrap was starting. Until its child is tied to its life, which
 * takes some milliseconds, it waits for a word that then never comes.
 */
export function endOrphans(): void {
  for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const [name = ""] = readFileSync(`/proc/${entry}/cmdline`, "latin1").split("\0");
      const runnerPid = namePattern.exec(name)?.[1];
      if (runnerPid !== undefined && !exists(Number(runnerPid))) process.kill(Number(entry), "SIGKILL");
    } catch {
      // It has ended meanwhile, or is somebody else's.
    }
  }
}
