export interface ConcurrencyGate {
  /** Waits for a place, runs, and gives the place to the next in line. Rejects with the signal's reason while waiting. */
  run<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result>;
}

/** Lets `placesMax` pieces of work run at once; the others wait in the order they came. */
export function createConcurrencyGate(placesMax: number): ConcurrencyGate {
  let taken = 0;
  const waiting = new Set<() => void>();

  function waitForPlace(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = () => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      const leave = () => {
        waiting.delete(enter);
        reject(signal.reason instanceof Error ? signal.reason : new Error("aborted"));
      };
      waiting.add(enter);
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  return {
    async run(work, signal) {
      signal.throwIfAborted();
      if (taken < placesMax) taken += 1;
      else await waitForPlace(signal);
      try {
        return await work();
      } finally {
        const [next] = waiting;
        if (next) {
          waiting.delete(next);
          next();
        } else {
          taken -= 1;
        }
      }
    },
  };
}
