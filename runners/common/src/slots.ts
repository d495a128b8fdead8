export interface Slots {
  /** Resolves with the function that gives the slot back, or with undefined when the signal fires first. */
  acquire(sourceId: string, signal: AbortSignal): Promise<(() => void) | undefined>;
}

interface Queue {
  running: number;
  readonly waiting: Set<() => void>;
}

/**
 * Lets `total` runs go at once, `perSource` of them of one source. Sources that wait take turns, so a slow source with a hundred
 * waiting calls takes one turn like any other.
 */
export function createSlots(total: number, perSource: number): Slots {
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
      if (start === undefined || queue.running >= perSource) continue;
      queue.waiting.delete(start);
      // Its next turn comes after everybody else's; the loop meets it again at the end.
      queues.delete(sourceId);
      queues.set(sourceId, queue);
      start();
    }
  }

  return {
    acquire(sourceId, signal) {
      const { promise, resolve } = Promise.withResolvers<(() => void) | undefined>();
      const queue = queueOf(sourceId);
      const start = (): void => {
        signal.removeEventListener("abort", giveUp);
        running += 1;
        queue.running += 1;
        resolve(() => {
          running -= 1;
          queue.running -= 1;
          tidy(sourceId, queue);
          advance();
        });
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
