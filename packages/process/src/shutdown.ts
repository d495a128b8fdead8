import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "./logger.ts";

const stepLimitMs = 10_000;
/** One Ctrl-C may arrive twice: from the terminal, and passed on by npm. */
const sameSignalMs = 500;

export interface Shutdown {
  /** Aborts as soon as the process has been asked to stop, before anything is closed. */
  readonly signal: AbortSignal;
  /** Names a thing that is open now. Things are closed in the reverse of this order, each within `limitMs` (default 10 s). */
  register(name: string, close: () => Promise<void> | void, limitMs?: number): void;
  /** Closes everything and ends the process. A second call changes nothing. */
  stop(reason: string, exitCode: number): Promise<never>;
}

interface Step {
  readonly name: string;
  readonly close: () => Promise<void> | void;
  readonly limitMs: number;
}

async function closeStep({ name, close, limitMs }: Step, logger: Logger): Promise<boolean> {
  const limit = new AbortController();
  try {
    return await Promise.race([
      Promise.resolve(close()).then(() => true),
      delay(limitMs, false, { signal: limit.signal }).then(() => {
        logger.error(`${name} did not close within ${limitMs} ms`);
        return false;
      }),
    ]);
  } catch (err) {
    logger.error({ err }, `${name} could not be closed`);
    return false;
  } finally {
    limit.abort();
  }
}

/**
 * Ends this process in order on SIGINT, SIGTERM, the loss of the parent (IPC) or an uncaught error; the latter, or a step that fails,
 * gives exit code 1. A second signal ends it at once. Call once per process.
 */
export function createShutdown(logger: Logger): Shutdown {
  const steps: Step[] = [];
  const controller = new AbortController();
  let stopping: Promise<never> | undefined;
  let askedAtMs = Infinity;

  async function closeAll(reason: string, exitCode: number): Promise<never> {
    logger.debug(`stopping: ${reason}`);
    controller.abort(new Error(`stopping: ${reason}`));
    let code = exitCode;
    for (let step = steps.pop(); step; step = steps.pop()) {
      if (!(await closeStep(step, logger))) code = 1;
    }
    process.exit(code);
  }

  const stop = (reason: string, exitCode: number) => (stopping ??= closeAll(reason, exitCode));

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (performance.now() - askedAtMs > sameSignalMs) process.exit(1);
      askedAtMs = Math.min(askedAtMs, performance.now());
      void stop(signal, 0);
    });
  }
  // When nobody reads our output any more (`npm start | head`), the report of that failure would fail in turn, for ever.
  for (const output of [process.stdout, process.stderr]) output.on("error", () => undefined);
  process.on("disconnect", () => void stop("the parent process is gone", 0));
  process.on("uncaughtException", (err) => {
    logger.error({ err }, "uncaught error");
    void stop("uncaught error", 1);
  });

  return {
    signal: controller.signal,
    register: (name, close, limitMs = stepLimitMs) => void steps.push({ name, close, limitMs }),
    stop,
  };
}
