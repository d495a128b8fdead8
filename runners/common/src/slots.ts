/** Gives a slot back. */
export type Release = () => void;

export interface Slots {
  /** A slot at once, or undefined when the source would have to wait. */
  tryAcquire(sourceId: string): Release | undefined;
  /** A slot in turn, or undefined when the signal fires first. */
  acquire(sourceId: string, signal: AbortSignal): Promise<Release | undefined>;
}

interface Queue {
  running: number;
  readonly waiting: Set<() => void>;
}

/**
 * Lets `total` runs go at once, of one source as many as `perSource` says at that time. Sources that wait take turns, so a slow source with a hundred
 * waiting calls takes one turn like any other.
 */
export function createSlots(total: number, perSource: (sourceId: string) => number): Slots {
  let running = 0;
  // In the order of turns; a source without calls is not in it.
  const queues = new Map<string, Queue>();

  function queueOf(sourceId: string): Queue {
    const known = queues.get(sourceId);
    if (known !== undefined) return known;
    const queue = { running: 0, waiting: new Set<() => void>() };
    queues.set(sourceId, queue);
    return queue;
  }

  function tidy(sourceId: string, queue: Queue): void {
    if (queue.running === 0 && queue.waiting.size === 0) queues.delete(sourceId);
  }

  /** Gives free slots to whose turn it is. */
  function advance(): void {
    for (const [sourceId, queue] of queues) {
      if (running >= total) return;
      const [start] = queue.waiting;
      if (start === undefined || queue.running >= perSource(sourceId)) continue;
      queue.waiting.delete(start);
      // Its next turn comes after everybody else's; the loop meets it again at the end.
      queues.delete(sourceId);
      queues.set(sourceId, queue);
      start();
    }
  }

  function take(sourceId: string, queue: Queue): Release {
    running += 1;
    queue.running += 1;
    return () => {
      running -= 1;
      queue.running -= 1;
      tidy(sourceId, queue);
      advance();
    };
  }

  return {
    tryAcquire(sourceId) {
      // Whenever a slot is free, those that may have one have it already: nobody is overtaken.
      if (running >= total) return undefined;
      const queue = queueOf(sourceId);
      return queue.running < perSource(sourceId) ? take(sourceId, queue) : undefined;
    },
    acquire(sourceId, signal) {
      const { promise, resolve } = Promise.withResolvers<Release | undefined>();
      const queue = queueOf(sourceId);
      const start = (): void => {
        signal.removeEventListener("abort", giveUp);
        resolve(take(sourceId, queue));
      };
      const giveUp = (): void => {
        queue.waiting.delete(start);
        tidy(sourceId, queue);
        resolve(undefined);
      };
      if (signal.aborted) giveUp();
      else {
        queue.waiting.add(start);
        signal.addEventListener("abort", giveUp, { once: true });
        advance();
      }
      return promise;
    },
  };
}
