import type { ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import { lowerPriority } from "./priority.ts";

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
  /** Whatever is inside gets less of the processor than others, for good. */
  readonly lower: () => void;
  /** SIGKILL for every process inside. */
  readonly kill: () => void;
}

/** Milliseconds by which a kill has come to its end, or never will by itself. */
export const insistAfterMs = 3_000;

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

/**
 * A started process as its owner sees it.
 * @throws Error when this process had no file descriptors left for its pipes
 */
export function fencedChild(child: ChildProcess, kill: () => void): FencedChild {
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
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const lower = (): void => {
    if (pid !== undefined) lowerPriority(pid, hasEnded);
  };
  return { channel, stdout, stderr, pid, exited: watchExit(child, channel), lower, kill };
}
