import { readFileSync } from "node:fs";
import type { Environment } from "@assay/process";

function parentOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
}

/** npm runs a script as `sh -c …`, and the shell may or may not have stepped aside for us. */
function npmAbove(): { pid: number; throughShell: boolean } {
  const shell = readFileSync(`/proc/${process.ppid}/cmdline`, "utf8").split("\0")[1] === "-c";
  return { pid: shell ? parentOf(process.ppid) : process.ppid, throughShell: shell };
}

/** Calls `onGone` when npm, under which this script was started, has been killed: nobody else is left to stop us. */
export function watchNpm(env: Environment, onGone: () => void): void {
  if (env["npm_lifecycle_event"] === undefined) return;
  const { pid, throughShell } = npmAbove();
  const shell = process.ppid;
  const isThere = () => process.ppid === shell && (!throughShell || parentOf(shell) === pid);
  const timer = setInterval(() => {
    if (isThere()) return;
    clearInterval(timer);
    onGone();
  }, 1_000).unref();
}
