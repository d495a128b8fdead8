import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { constants, getPriority, setPriority } from "node:os";
import { childrenOf } from "./orphans.ts";

/** Against what has the usual priority this is about a tenth of a processor that both want, and all of one that nobody wants. */
const steps = 10;
const lowest = 19;
/** What was started while it was being lowered is found by the next pass, and what the kernel refuses for a moment is done then. */
const passesAtMs = [0, 50, 200, 500, 1_000, 2_000];

const tasksOf = (pid: number): number[] => readdirSync(`/proc/${pid}/task`).map(Number);
const autogroupOf = (pid: number | "self"): string => readFileSync(`/proc/${pid}/autogroup`, "utf8");

/** Node tells the kernel's own reason by its number only. */
const isRefused = (error: unknown): boolean =>
  error instanceof Error &&
  "errno" in error &&
  [-constants.errno.EPERM, -constants.errno.EACCES].includes(Number(error.errno));

/** Some kernels share the processor between sessions before they share it within one; there the session has to be lowered. */
function lowerSession(pid: number, niceness: number): void {
  const [session] = autogroupOf(pid).split(" ");
  // Until it has one of its own, a sandbox is in the runner's.
  if (session !== autogroupOf("self").split(" ")[0]) writeFileSync(`/proc/${pid}/autogroup`, String(niceness));
}

/** For a runner of root without the right to lower other users' processes: that user may. */
function lowerAs(pid: number, tasks: readonly number[], niceness: number): void {
  const [, uid] = /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "latin1")) ?? [];
  if (process.getuid?.() !== 0 || uid === undefined || uid === "0") return;
  const command = ["-n", String(niceness), "-p", ...tasks.map(String)];
  spawn("renice", command, {
    uid: Number(uid),
    gid: Number(uid),
    cwd: "/",
    env: { PATH: "/usr/bin:/bin" },
    stdio: "ignore",
  })
    // Without it the sandbox keeps its priority.
    .on("error", () => {});
}

function lowerProcess(pid: number, niceness: number): void {
  const refused: number[] = [];
  for (const task of tasksOf(pid)) {
    try {
      if (getPriority(task) < niceness) setPriority(task, niceness);
    } catch (error) {
      if (isRefused(error)) refused.push(task);
    }
  }
  if (refused.length > 0) lowerAs(pid, refused, niceness);
  lowerSession(pid, niceness);
}

function lowerTree(pid: number, niceness: number): void {
  try {
    lowerProcess(pid, niceness);
  } catch {
    // It has ended meanwhile, or the kernel has no such sessions.
  }
  for (const child of childrenOf(pid)) lowerTree(child, niceness);
}

/** Lowers the priority of a process of this one's and of all below it; whatever they start has it too. It cannot be raised again. */
export function lowerPriority(pid: number, hasEnded: () => boolean): void {
  const niceness = Math.min(lowest, getPriority() + steps);
  for (const delayMs of passesAtMs) {
    const pass = (): void => {
      if (!hasEnded()) lowerTree(pid, niceness);
    };
    if (delayMs === 0) pass();
    else setTimeout(pass, delayMs).unref();
  }
}
