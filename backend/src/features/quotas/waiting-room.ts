import type { CallerClass } from "@assay/contract";
import type { Clock } from "../../context.ts";
import type { Admission, Entry, Refusal } from "./admission.ts";

export type Outcome = { readonly admission: Admission } | { readonly refusal: Refusal };

/** Where entries wait for their turn: people before API before schedules before batches, and in each class who came first. */
export interface WaitingRoom {
  /** Whether somebody who comes before waits for what the entry would spend. */
  isBehind(entry: Entry): boolean;
  /**
   * Resolves with what comes of it; null when its lookup is over. Rejects when `tryAll` does. It is refused at once where its time would be over before its turn. One of
   * a source that does not wait is tried once, in the next step and behind those who come before, so that it takes nothing that they wait for.
   */
  wait(entry: Entry, refusal: Refusal): Promise<Outcome | null>;
  /** Something may be free earlier than was thought. */
  nudge(): void;
  /** Nobody's turn comes any more. */
  close(): void;
}

export interface WaitingRoomOptions {
  readonly clock: Clock;
  /** One step for all, in this order. */
  readonly tryAll: (entries: readonly Entry[]) => Promise<Outcome[]>;
  /** Whose quotas hold an entry back. */
  readonly subjectsOf: (entry: Entry) => ReadonlySet<string>;
  /** Takes what was granted when nobody wanted it any more. */
  readonly giveBack: (admission: Admission) => void;
}

interface Waiting {
  readonly entry: Entry;
  readonly number: number;
  readonly subjects: ReadonlySet<string>;
  /** Milliseconds since the epoch. */
  readonly untilMs: number;
  /** It does not wait for a second try. */
  readonly isOnce: boolean;
  refusal: Refusal;
  retryAtMs: number;
  readonly resolve: (outcome: Outcome | null) => void;
  readonly reject: (error: unknown) => void;
}

const ranks: Readonly<Record<CallerClass, number>> = { interactive: 0, api: 1, scheduled: 2, bulk: 3 };
const waitingMax = 10_000;
/** So many of one source are tried at once; those behind them have no chance where one of these is refused. */
const triedAtOnceMax = 50;
/** Before the lookup's own deadline, so that the answer says what was waited for. */
const aheadOfDeadlineMs = 100;
const retryMsMin = 10;
const timerMsMax = 2 ** 31 - 1;

export function createWaitingRoom({ clock, tryAll, subjectsOf, giveBack }: WaitingRoomOptions): WaitingRoom {
  const waiting = new Set<Waiting>();
  let number = 0;
  let timer: NodeJS.Timeout | undefined;
  let timerAtMs = Infinity;
  let isPumping = false;
  let isNudged = false;
  let isClosed = false;
  const nowMs = (): number => clock.now().getTime();

  const leave = (each: Waiting, outcome: Outcome | null): void => {
    if (waiting.delete(each)) each.resolve(outcome);
    else if (outcome && "admission" in outcome) giveBack(outcome.admission);
  };
  /** Those at the head of the queue of each source, and all that are tried once, in order. */
  const heads = (): Waiting[] => {
    const counts = new Map<string, number>();
    const inOrder = [...waiting].toSorted(
      (a, b) => ranks[a.entry.callerClass] - ranks[b.entry.callerClass] || a.number - b.number,
    );
    return inOrder.filter(({ entry, isOnce }) => {
      if (isOnce) return true;
      const count = (counts.get(entry.source.snapshot.id) ?? 0) + 1;
      counts.set(entry.source.snapshot.id, count);
      return count <= triedAtOnceMax;
    });
  };
  const wakeAt = (atMs: number): void => {
    if (isClosed || atMs >= timerAtMs) return;
    clearTimeout(timer);
    timerAtMs = atMs;
    timer = setTimeout(
      () => {
        timerAtMs = Infinity;
        void pump();
      },
      Math.min(timerMsMax, Math.max(retryMsMin, atMs - nowMs())),
    );
  };
  /** True: it was granted. */
  const judge = (each: Waiting, outcome: Outcome): boolean => {
    if ("admission" in outcome) {
      leave(each, outcome);
      return true;
    }
    each.refusal = outcome.refusal;
    each.retryAtMs = nowMs() + Math.max(retryMsMin, outcome.refusal.waitMs);
    if (each.isOnce || outcome.refusal.waitMs < 0 || each.retryAtMs > each.untilMs) leave(each, outcome);
    return false;
  };
  const pump = async (): Promise<void> => {
    if (isPumping) return void (isNudged = true);
    isPumping = true;
    try {
      do {
        isNudged = false;
        for (const each of waiting) if (each.untilMs <= nowMs()) leave(each, { refusal: each.refusal });
        const tried = heads();
        const outcomes = await tryAll(tried.map(({ entry }) => entry));
        const granted = tried.filter((each, at) => outcomes[at] && judge(each, outcomes[at]));
        // They made room: those behind them may have their turn as well.
        isNudged ||= granted.length > 0 && waiting.size > 0;
      } while (isNudged);
    } catch (error) {
      // Nobody stands above a timer: thrown on, it would end the process.
      for (const each of waiting) if (waiting.delete(each)) each.reject(error);
    } finally {
      isPumping = false;
      // Whoever stands behind a head is tried with it or after it, never alone.
      for (const { retryAtMs } of heads()) wakeAt(retryAtMs);
      for (const { untilMs } of waiting) wakeAt(untilMs);
    }
  };

  return {
    isBehind(entry) {
      if (waiting.size === 0) return false;
      const subjects = subjectsOf(entry);
      return [...waiting].some(
        (other) =>
          !other.isOnce &&
          ranks[other.entry.callerClass] <= ranks[entry.callerClass] &&
          [...subjects].some((subject) => other.subjects.has(subject)),
      );
    },
    wait(entry, refusal) {
      if (entry.signal.aborted) return Promise.resolve(null);
      const atMs = nowMs();
      const isOnce = entry.source.limits.waitMs === 0;
      const waitMsMax = isOnce ? Infinity : entry.source.limits.waitMs;
      const untilMs = Math.min(atMs + waitMsMax, entry.deadlineAtMs - aheadOfDeadlineMs);
      const retryAtMs = atMs + Math.max(retryMsMin, refusal.waitMs);
      if (refusal.waitMs < 0 || retryAtMs > untilMs || waiting.size >= waitingMax) return Promise.resolve({ refusal });
      return new Promise((resolve, reject) => {
        const [subjects, ends] = [subjectsOf(entry), { resolve, reject }];
        const each = { entry, number: ++number, subjects, untilMs, isOnce, refusal, retryAtMs, ...ends };
        waiting.add(each);
        entry.signal.addEventListener("abort", () => leave(each, null), { once: true });
        wakeAt(Math.min(retryAtMs, untilMs));
      });
    },
    nudge: () => void (waiting.size > 0 && !isClosed && pump()),
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
