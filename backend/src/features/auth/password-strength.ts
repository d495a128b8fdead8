import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { fail } from "../../problem-error.ts";
import type { StrengthAnswer, StrengthQuestion } from "./password-strength-worker.ts";

export interface Strength {
  /** 0 (guessed at once) to 4 (not even by a thief of the hash); https://github.com/zxcvbn-ts/zxcvbn */
  readonly score: number;
  /** What is weak about it and what to do, in sentences; may be empty. */
  readonly advice: string;
}

/** Tells how hard a password is to guess. */
export interface PasswordStrength {
  /** `known` are words that a guesser would try first. @throws ProblemError UNAVAILABLE when too many ask at once */
  estimate(password: string, known: readonly string[]): Promise<Strength>;
  close(): Promise<void>;
}

/** The time grows with the square of the length: 64 characters take up to 0.2 s, 200 nearly 2 s. */
const judgedCharsMax = 64;
const waitingMax = 20;
const idleMs = 60_000;

/**
 * Estimates in a thread of its own, one password after the other, so that nothing else waits for them. The thread, with 70 MB of
 * words, is there only while it is used.
 */
export function createPasswordStrength(): PasswordStrength {
  const waiting = new Map<number, PromiseWithResolvers<Strength>>();
  let worker: Worker | null = null;
  let idle: NodeJS.Timeout | undefined;
  let lastId = 0;

  const stop = async (): Promise<void> => {
    clearTimeout(idle);
    const stopped = worker;
    worker = null;
    await stopped?.terminate();
  };
  const start = (): Worker => {
    const started = new Worker(join(import.meta.dirname, "password-strength-worker.ts"), { execArgv: [] });
    started.unref();
    const lose = (cause?: Error): void => {
      if (worker === started) worker = null;
      const lost = new Error("the thread that estimates passwords has ended", { cause });
      for (const { reject } of waiting.values()) reject(lost);
      waiting.clear();
    };
    started.once("error", lose);
    started.once("exit", () => lose());
    started.on("message", ({ id, ...strength }: StrengthAnswer) => {
      waiting.get(id)?.resolve(strength);
      waiting.delete(id);
      if (waiting.size === 0) idle = setTimeout(() => void stop(), idleMs).unref();
    });
    return started;
  };

  return {
    estimate(password, known) {
      if (waiting.size >= waitingMax) {
        fail("UNAVAILABLE", "Too many people choose a password right now. Try again in a few seconds.");
      }
      clearTimeout(idle);
      worker ??= start();
      const id = ++lastId;
      const answer = Promise.withResolvers<Strength>();
      waiting.set(id, answer);
      const judged = password.slice(0, judgedCharsMax);
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
      worker.postMessage({ id, password: judged, known } satisfies StrengthQuestion);
      return answer.promise;
    },
    close: stop,
  };
}
