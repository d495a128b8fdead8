import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A runner as a process of its own, so that its descriptors, its memory and its life are its own. */
export interface RunnerProcess {
  /** Of the runner, as this process sees it. */
  readonly pid: number;
  /** `host:port` that it listens on. */
  readonly address: string;
  /** Errors that it has logged so far, one line each. */
  readonly errors: () => readonly string[];
  readonly hasExited: () => boolean;
  /** Asks it to stop; resolves with its exit code when it has. */
  readonly stop: () => Promise<number | null>;
}

/**
 * Starts a runner with these settings as its whole environment, and resolves when it listens. How it is started (as which user, with
 * which privileges, in what container) is for the one who gives the function.
 */
export type StartRunner = (settings: Readonly<Record<string, string>>) => Promise<RunnerProcess>;

const errorLine = /"level":"(?:error|fatal)"|UnhandledPromiseRejection|^\S*Error: /;

/**
 * Starts the program of a runner with this very Node, as this very user.
 * @param wrapper a command that runs the program given after it in the same process, such as `["setpriv", "--no-new-privs"]`
 */
export function startProgram(main: URL, wrapper: readonly string[] = []): StartRunner {
  return async (settings) => {
    const [command, ...args] = [...wrapper, process.execPath, fileURLToPath(main)] as const;
    const child = spawn(command, args, { env: settings, stdio: ["ignore", "pipe", "pipe", "ipc"] });
    const exited = once(child, "exit") as Promise<[number | null]>;
    const errors: string[] = [];
    const started = Promise.withResolvers<string>();
    let rest = "";
    const hear = (chunk: Buffer): void => {
      const lines = (rest + chunk.toString()).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (errorLine.test(line)) errors.push(line);
        const address = /listening on ([\w.:[\]]+:\d+)/.exec(line)?.[1];
        if (address !== undefined) started.resolve(address);
      }
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("error", started.reject);
    child.once("exit", () => started.reject(new Error(`The runner did not start: ${errors.join(" ")} ${rest}`)));
    const address = await started.promise;
    return {
      pid: child.pid ?? 0,
      address,
      errors: () => errors,
      hasExited: () => child.exitCode !== null || child.signalCode !== null,
      async stop() {
        child.kill("SIGTERM");
        const [code] = await exited;
        return code;
      },
    };
  };
}
