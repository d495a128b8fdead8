import { setImmediate as nextRound } from "node:timers/promises";

/** Work that can be put aside at each of its steps, which are short. */
export type Work<Result> = Generator<undefined, Result, undefined>;

/** Bytes of one step: a fraction of a millisecond for any loop over them. */
export const stepBytes = 32 * 1024;
const sliceMs = 2;

/** Does all of it at once, for what is known to be small. */
export function finish<Result>(work: Work<Result>): Result {
  let step = work.next();
  while (step.done !== true) step = work.next();
  return step.value;
}

let lastTurn: Promise<unknown> = Promise.resolve();

/** Resolves in a later round of the event loop, with no more than one waiting work in each. */
function takeTurn(): Promise<unknown> {
  lastTurn = lastTurn.then(() => nextRound());
  return lastTurn;
}

/**
 * Does it in slices of 2 ms, between which the event loop goes round for everybody else. Rejects with the signal's reason when that
 * fires before the end.
 */
export async function finishInSlices<Result>(work: Work<Result>, signal: AbortSignal): Promise<Result> {
  for (;;) {
    signal.throwIfAborted();
    const sliceEnd = performance.now() + sliceMs;
    do {
      const step = work.next();
      if (step.done === true) return step.value;
    } while (performance.now() < sliceEnd);
    await takeTurn();
  }
}
