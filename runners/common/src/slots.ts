/** Gives a slot back. */
export type Release = () => void;

export interface Slots {
  /** A slot at once, or undefined when the source would have to wait. */
  tryAcquire(sourceId: string, background?: boolean): Release | undefined;
  /** A slot in turn, or undefined when the signal fires first. */
  acquire(sourceId: string, signal: AbortSignal, background?: boolean): Promise<Release | undefined>;
}

/** Whether somebody waits for a run or not. */
type Urgency = "foreground" | "background";

interface Queue {
  running: number;
  inBackground: number;
  readonly waiting: Readonly<Record<Urgency, Set<() => void>>>;
}

/** Of so many slots that both want, background work gets one: what people wait for goes first, and what they do not goes on. */
const foregroundTurns = 7;

/** What background work may hold: three quarters, so that a person hardly ever waits for the end of a run that nobody waits for. */
function backgroundShare(slots: number): number {
  return Math.max(1, slots - Math.ceil(slots / 4));
}

/**
 * Lets `total` runs go at once, of one source as many as `perSource` says at that time. Sources that wait take turns, so a slow source with a hundred
 * waiting calls takes one turn like any other. Background runs come behind the others.
 */
export function createSlots(total: number, perSource: (sourceId: string) => number): Slots {
  let running = 0;
  let inBackground = 0;
  let turns = 0;
  // In the order of turns; a source without calls is not in it.
  const queues = new Map<string, Queue>();

  function queueOf(sourceId: string): Queue {
    const known = queues.get(sourceId);
    if (known !== undefined) return known;
    const waiting = { foreground: new Set<() => void>(), background: new Set<() => void>() };
    const queue = { running: 0, inBackground: 0, waiting };
    queues.set(sourceId, queue);
    return queue;
  }

  function tidy(sourceId: string, { running: left, waiting }: Queue): void {
    if (left === 0 && waiting.foreground.size === 0 && waiting.background.size === 0) queues.delete(sourceId);
  }

  function hasRoom(sourceId: string, queue: Queue, urgency: Urgency): boolean {
    const most = perSource(sourceId);
    if (running >= total || queue.running >= most) return false;
    if (urgency === "foreground") return true;
    return inBackground < backgroundShare(total) && queue.inBackground < backgroundShare(most);
  }

  /** Starts the run whose turn it is; false where none may start. */
  function startNext(urgency: Urgency): boolean {
    for (const [sourceId, queue] of queues) {
      const [start] = queue.waiting[urgency];
      if (start === undefined || !hasRoom(sourceId, queue, urgency)) continue;
      queue.waiting[urgency].delete(start);
      // Its next turn comes after everybody else's.
      queues.delete(sourceId);
      queues.set(sourceId, queue);
      start();
      turns = urgency === "background" ? 0 : turns + 1;
      return true;
    }
    return false;
  }

  /** Gives free slots to whose turn it is. */
  function advance(): void {
    for (;;) {
      if (running >= total) return;
      const isBackgroundsTurn = turns >= foregroundTurns;
      if (isBackgroundsTurn && startNext("background")) continue;
      if (startNext("foreground")) continue;
      if (isBackgroundsTurn || !startNext("background")) return;
    }
  }

  function take(sourceId: string, queue: Queue, urgency: Urgency): Release {
    const background = urgency === "background" ? 1 : 0;
    running += 1;
    queue.running += 1;
    inBackground += background;
    queue.inBackground += background;
    return () => {
      running -= 1;
      queue.running -= 1;
      inBackground -= background;
      queue.inBackground -= background;
      tidy(sourceId, queue);
      advance();
    };
  }

  return {
    tryAcquire(sourceId, background = false) {
      const urgency = background ? "background" : "foreground";
      // Whenever a slot is free, those that may have one have it already: nobody is overtaken.
      if (running >= total) return undefined;
      const queue = queueOf(sourceId);
      if (hasRoom(sourceId, queue, urgency)) return take(sourceId, queue, urgency);
      tidy(sourceId, queue);
      return undefined;
    },
    acquire(sourceId, signal, background = false) {
      const urgency = background ? "background" : "foreground";
      const { promise, resolve } = Promise.withResolvers<Release | undefined>();
      const queue = queueOf(sourceId);
      const start = (): void => {
        signal.removeEventListener("abort", giveUp);
        resolve(take(sourceId, queue, urgency));
      };
      const giveUp = (): void => {
        queue.waiting[urgency].delete(start);
        tidy(sourceId, queue);
        resolve(undefined);
      };
      if (signal.aborted) giveUp();
      else {
        queue.waiting[urgency].add(start);
        signal.addEventListener("abort", giveUp, { once: true });
        advance();
      }
      return promise;
    },
  };
}
