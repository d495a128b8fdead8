import { spawn, type ChildProcess } from "node:child_process";
import { finished } from "node:stream/promises";
import { text } from "node:stream/consumers";
import type { Readable, Writable } from "node:stream";
import { Failure } from "../failure.ts";

export interface FencedCommand {
  /** PostgreSQL's own folder: visible, read-only. */
  readonly folder: string;
  /** The one folder that may be written; its path is the same inside. */
  readonly writable: string;
  /** Further files to show, outside path to inside path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Program and arguments. */
  readonly command: readonly string[];
}

/** A process inside bubblewrap. `pid` is the program's own process id as seen from outside. */
export interface FencedProcess {
  readonly child: ChildProcess;
  readonly pid: number;
}

/**
 * PostgreSQL refuses to run as root, and any other user may not reach folders such as /root. In a user namespace it believes to be an
 * ordinary user, yet keeps its owner's files. As PID 1 of a namespace that dies with its parent, no crash leaves a server behind.
 */
function fenceArguments({ folder, writable, files, command }: FencedCommand): string[] {
  const shown = Object.entries({ ...files }).flatMap(([outside, inside]) => ["--ro-bind", outside, inside]);
  const system = ["/bin", "/lib", "/lib64"].flatMap((path) => ["--ro-bind-try", path, path]);
  return [
    ...["--unshare-user", "--uid", "1000", "--gid", "1000"],
    ...["--unshare-pid", "--as-pid-1", "--die-with-parent", "--new-session", "--info-fd", "4"],
    ...["--ro-bind", "/usr", "/usr", ...system, "--dev", "/dev", "--tmpfs", "/tmp"],
    ...["--ro-bind-data", "3", "/etc/passwd"],
    ...["--ro-bind", folder, folder, ...shown, "--bind", writable, writable],
    ...["--clearenv", "--setenv", "LD_LIBRARY_PATH", `${folder}/lib`],
    ...command,
  ];
}

/** @throws Failure where bubblewrap is missing or may not make namespaces. */
export async function spawnFenced(fenced: FencedCommand): Promise<FencedProcess> {
  const child = spawn("bwrap", fenceArguments(fenced), {
    stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
    // A Ctrl-C in the terminal must not reach the server: it is stopped last, by its owner.
    detached: true,
  });
  const failed = new Promise<never>((_, reject) => {
    child.once("error", () => reject(new Failure("bubblewrap is not installed: run apt-get install bubblewrap.")));
  });
  const passwd = child.stdio[3] as Writable;
  passwd.on("error", () => undefined).end("assay:x:1000:1000::/:/bin/false\n");
  const info = await Promise.race([failed, text(child.stdio[4] as Readable)]);
  const pid = /"child-pid":\s*(\d+)/.exec(info)?.[1];
  if (pid !== undefined) return { child, pid: Number(pid) };
  const reason = await text(child.stderr as Readable);
  throw new Failure(
    `PostgreSQL cannot be started in its sandbox (${reason.trim()}): allow user namespaces, or set DATABASE_URL to a PostgreSQL of your own.`,
  );
}

/** Runs a program to its end. Rejects with what it wrote where it fails. */
export async function runFenced(fenced: FencedCommand): Promise<void> {
  const { child } = await spawnFenced(fenced);
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const said = (await Promise.all([text(child.stdout as Readable), text(child.stderr as Readable)])).join("").trim();
  await finished(child.stdout as Readable);
  const code = await exited;
  if (code !== 0) throw new Failure(`${fenced.command[0]} failed with exit code ${code}: ${said}`);
}
