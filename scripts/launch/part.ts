import { fork } from "node:child_process";
import type { Environment } from "@assay/process";
import { Failure } from "../failure.ts";
import { root } from "../setup/run.ts";

/** Something that runs beside the launcher and can die. */
export interface Running {
  /** Resolves with a few words when it has ended, whoever ended it. */
  readonly exited: Promise<string>;
  /** Asks it to end, insists after a while, resolves when it is gone. */
  stop(): Promise<void>;
}

/** The first message of a role over IPC: it can take work. */
export interface ReadyMessage {
  readonly type: "ready";
  /** Address of the dashboard, of an API. */
  readonly url?: string;
  /** How the first administrator signs in, told in the one start that made the account. */
  readonly admin?: { readonly email: string; readonly password?: string };
}

export interface Role extends Running {
  readonly ready: ReadyMessage;
}

export interface RoleOptions {
  readonly name: string;
  /** TypeScript file below the checkout, and its arguments. */
  readonly entry: readonly [string, ...string[]];
  readonly env: Environment;
  /** Ends the role, also before it is ready. */
  readonly signal: AbortSignal;
}

const readyLimitMs = 120_000;
const stopLimitMs = 20_000;

function isReady(message: unknown): message is ReadyMessage {
  return typeof message === "object" && message !== null && "type" in message && message.type === "ready";
}

/**
 * Starts one role as a process of its own, which leaves when its IPC channel to us closes: also a killed launcher leaves none.
 * Resolves when it is ready.
 * @throws Failure where it ends before that, or takes longer than two minutes; what it said stands above, on the same terminal.
 */
export async function startRole({ name, entry, env, signal }: RoleOptions): Promise<Role> {
  const [file, ...args] = entry;
  // In a process group of its own: Ctrl-C in the terminal reaches the launcher alone, which stops its parts in order.
  const child = fork(file, args, { cwd: root, env: { ...env }, detached: true });
  const exited = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, killedBy) => resolve(killedBy ?? `exit code ${code}`));
  });
  const ready = new Promise<ReadyMessage>((resolve) => {
    child.on("message", (message) => isReady(message) && resolve(message));
  });
  const stop = async () => {
    child.kill("SIGTERM");
    const insist = setTimeout(() => child.kill("SIGKILL"), stopLimitMs);
    await exited;
    clearTimeout(insist);
  };
  const giveUp = () => void stop();
  signal.addEventListener("abort", giveUp);
  const tooLate = setTimeout(giveUp, readyLimitMs);
  const first = await Promise.race([ready, exited]);
  clearTimeout(tooLate);
  signal.removeEventListener("abort", giveUp);
  if (typeof first === "string") throw new Failure(`The ${name} did not start (${first}): see its message above.`);
  return { ready: first, exited, stop };
}
