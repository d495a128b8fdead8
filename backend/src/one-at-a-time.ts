export interface OneAtATime {
  /** Resolves when a run that began after this call has ended, and rejects when that one failed. */
  run(): Promise<void>;
  /** Resolves when none is under way or waits. */
  idle(): Promise<void>;
}

/**
 * Does something again and again, never twice at the same time: an older reading cannot overtake a newer one. All that ask while a run is
 * under way share the one after it. A run that fails does not keep the next from being tried.
 */
export function oneAtATime(work: () => Promise<void>): OneAtATime {
  let last: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | null = null;
  const settled = (): Promise<void> => last.catch(() => undefined);
  return {
    run: () =>
      (waiting ??= last = settled().then(() => {
        waiting = null;
        return work();
      })),
    async idle() {
      for (let seen; seen !== last;) {
        seen = last;
        await settled();
      }
    },
  };
}
