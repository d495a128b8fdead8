import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { bubblewrapArguments, limitedCommand, prlimitArguments } from "./bubblewrap-arguments.ts";
import type { Fence, FenceSpec } from "./fence-spec.ts";
import { withoutInherited } from "./inherited-descriptors.ts";

export interface FencedExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Set when the program could not be started at all. */
  readonly error?: Error;
}

export interface FencedChild {
  /** The other end of file descriptor 3 inside: a UNIX stream socket. What comes out of it is hostile. */
  readonly channel: Socket;
  /** Both must be read (or resumed), else the program inside blocks when it has written much. */
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Of the outermost process; undefined when it could not be started. */
  readonly pid: number | undefined;
  /** Never rejects. Resolves when every process inside is gone. */
  readonly exited: Promise<FencedExit>;
  /** SIGKILL for every process inside. */
  readonly kill: () => void;
}

/** By then a kill has come to its end, or never will by itself. */
const insistAfterMs = 3_000;

function watchExit(child: ChildProcess, channel: Socket): Promise<FencedExit> {
  const exit = Promise.withResolvers<FencedExit>();
  let problem: Error | undefined;
  child.once("error", (error) => {
    problem = error;
    if (child.pid === undefined) exit.resolve({ code: null, signal: null, error });
  });
  // Only then are the pipes' other ends closed, which the last process inside holds; unread data must not delay that.
  child.once("exit", () => {
    for (const stream of [channel, child.stdout, child.stderr]) stream?.resume();
    // Whoever still held them then would hold up everybody who waits for the end.
    setTimeout(() => {
      for (const stream of child.stdio) stream?.destroy();
    }, insistAfterMs).unref();
  });
  child.once("close", (code, signal) => {
    channel.destroy();
    exit.resolve(problem === undefined ? { code, signal } : { code, signal, error: problem });
  });
  return exit.promise;
}

function fencedChild(child: ChildProcess, kill: () => void): FencedChild {
  // Without a free file descriptor Node makes no pipes, and says why only later.
  if (child.stdio === undefined) {
    child.on("error", () => {});
    throw new Error("The sandbox cannot be started: this process has too many files open.");
  }
  const channel = child.stdio[3] as Socket;
  // A write to a killed program fails; its exit is what tells.
  channel.on("error", () => channel.destroy());
  const { stdout, stderr, pid } = child;
  if (stdout === null || stderr === null) throw new Error("A fenced program has no output pipes.");
  return { channel, stdout, stderr, pid, exited: watchExit(child, channel), kill };
}

function killed(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    return false;
  }
}

function spawnInBubblewrap(fence: Extract<Fence, { kind: "bubblewrap" }>, spec: FenceSpec): FencedChild {
  const command = ["--args", "4", "--seccomp", "5", "--info-fd", "6", "--", ...limitedCommand(fence, spec)];
  const child = spawn(fence.bubblewrapPath, command, {
    cwd: "/",
    // Nothing of the runner's environment may be found inside, not even in /proc/1/environ.
    env: {},
    // Output twice, then the channel, arguments, filter and information.
    stdio: withoutInherited(["pipe", "pipe", "pipe", "pipe", "pipe", "pipe"], fence.inherited),
    ...(fence.dropTo === undefined ? {} : { uid: fence.dropTo, gid: fence.dropTo }),
  });
  let insidePid: number | undefined;
  let isKillWanted = false;
  const kill = (): void => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    if (insidePid === undefined) {
      // Bubblewrap's child waits for its word before it is tied to its life; killed now, it could leave that child behind.
      isKillWanted = true;
    } else if (!killed(insidePid)) child.kill("SIGKILL");
    // Process 1 inside first: then bubblewrap reaps it. The other way round it would be left to this machine's process 1,
    // which in a container may be a program that reaps nobody. Only where that brings no end bubblewrap goes too.
    setTimeout(() => child.kill("SIGKILL"), insistAfterMs).unref();
  };
  const fenced = fencedChild(child, kill);
  const pipeAt = (index: number): Socket => child.stdio[index] as Socket;
  const inputs = [Buffer.from(bubblewrapArguments(fence, spec).join("\0") + "\0"), fence.seccompFilter];
  for (const [index, bytes] of inputs.entries()) {
    const pipe = pipeAt(4 + index);
    pipe.on("error", () => pipe.destroy());
    pipe.end(bytes);
    pipe.resume();
  }
  const info = pipeAt(6);
  info.on("error", () => info.destroy());
  info.on("data", (bytes: Buffer) => {
    insidePid ??= Number(/"child-pid":\s*(\d+)/.exec(bytes.toString("latin1"))?.[1]) || undefined;
    if (isKillWanted) kill();
  });
  return fenced;
}

function spawnUnfenced(fence: Fence, spec: FenceSpec): FencedChild {
  const hostOf = (path: string): string => {
    const bound = spec.readOnlyPaths.find(({ inside }) => path === inside || path.startsWith(`${inside}/`));
    return bound === undefined ? path : bound.host + path.slice(bound.inside.length);
  };
  const folder = mkdtempSync(join(tmpdir(), "assay-unfenced-"));
  const child = spawn("prlimit", [...prlimitArguments(spec.limits, false), "--", ...spec.command.map(hostOf)], {
    cwd: folder,
    env: { PATH: "/usr/bin:/bin", LANG: "C.UTF-8", HOME: folder, TMPDIR: folder, ...spec.env },
    stdio: withoutInherited(["pipe", "pipe", "pipe"], fence.inherited),
    // A process group of its own, so that a kill reaches what it started.
    detached: true,
  });
  const fenced = fencedChild(child, () => {
    try {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
    } catch {
      // Already gone.
    }
  });
  void fenced.exited.then(() => rmSync(folder, { recursive: true, force: true }));
  return fenced;
}

/**
 * Starts a program inside the fence. Inside it is process 1, sees `readOnlyPaths` and a private /tmp, and has a channel on file descriptor 3.
 * @throws Error when this machine has no more files or processes to give; other failures are an `exited` with an error
 */
export function spawnFenced(fence: Fence, spec: FenceSpec): FencedChild {
  return fence.kind === "bubblewrap" ? spawnInBubblewrap(fence, spec) : spawnUnfenced(fence, spec);
}
