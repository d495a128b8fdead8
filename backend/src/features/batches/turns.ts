import { ProblemError } from "../../problem-error.ts";

export interface TurnsOptions {
  readonly atOnceMax: number;
  readonly waitingMax: number;
  /** Longest wait, in milliseconds. */
  readonly waitMs?: number;
}

/** Waits until it is the caller's turn; what it resolves to gives the turn on, and is to be called once. */
export type Turns = (signal: AbortSignal) => Promise<() => void>;

/**
 * Lets so many go on at once; the others wait in line, up to a number and a time.
 * @throws ProblemError UNAVAILABLE beyond these; the signal's reason when it aborts
 */
export function createTurns({ atOnceMax, waitingMax, waitMs = 20_000 }: TurnsOptions): Turns {
  const waiting: (() => void)[] = [];
  let underWay = 0;
  const leave = (): void => {
    const next = waiting.shift();
    if (next) next();
    else underWay--;
  };
  return async (signal) => {
    signal.throwIfAborted();
    if (underWay < atOnceMax) {
      underWay++;
      return leave;
    }
    if (waiting.length >= waitingMax) throw busy();
    const turn = Promise.withResolvers<undefined>();
    const go = (): void => turn.resolve(undefined);
    const limit = AbortSignal.any([signal, AbortSignal.timeout(waitMs)]);
    const onAbort = (): void => turn.reject(signal.aborted ? signal.reason : busy());
    waiting.push(go);
    limit.addEventListener("abort", onAbort, { once: true });
    try {
      await turn.promise;
      return leave;
    } catch (error) {
      const at = waiting.indexOf(go);
      if (at >= 0) waiting.splice(at, 1);
      throw error;
    } finally {
      limit.removeEventListener("abort", onAbort);
    }
  };
}

function busy(): ProblemError {
  const headers = { "retry-after": "5" };
  return new ProblemError("UNAVAILABLE", "Other batches are being read. Try again in a few seconds.", { headers });
}
