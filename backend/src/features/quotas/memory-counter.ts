import type { Clock } from "../../context.ts";
import type { QuotaCounter } from "./quota-counter.ts";
import { emptyState, peekIn, prune, type QuotaState, reserveIn, settleIn } from "./quota-rules.ts";

export interface MemoryCounterOptions {
  readonly clock: Clock;
  /** What was counted before. */
  readonly states?: Iterable<readonly [string, QuotaState]>;
  /** Told after every change of a subject. */
  readonly onChange?: (subject: string, state: QuotaState) => void;
}

/** Counts in the memory of this process: for one node. */
export function createMemoryCounter({ clock, states = [], onChange }: MemoryCounterOptions): QuotaCounter {
  const known = new Map(states);
  const now = (): number => clock.now().getTime();
  const stateOf = (subject: string, nowMs: number): QuotaState => {
    const state = known.get(subject) ?? emptyState();
    prune(state, nowMs);
    known.set(subject, state);
    return state;
  };
  const changed = (subject: string): void => {
    const state = known.get(subject);
    if (state) onChange?.(subject, state);
  };
  return {
    async reserve(rules, asks) {
      const nowMs = now();
      const own = rules.map(({ subject, windows }) => (windows.length > 0 ? stateOf(subject, nowMs) : emptyState()));
      const decisions = asks.map((ask) => reserveIn(own, rules, ask, nowMs));
      for (const { subject, windows } of rules) if (windows.length > 0) changed(subject);
      return decisions;
    },
    async settle(settlements) {
      const nowMs = now();
      for (const settlement of settlements) {
        settleIn(stateOf(settlement.rule.subject, nowMs), settlement, nowMs);
        changed(settlement.rule.subject);
      }
    },
    peek: async (rules) => rules.map((rule) => peekIn(stateOf(rule.subject, now()), rule, now())),
    async forgetTold(subject) {
      const state = stateOf(subject, now());
      for (const per of Object.keys(state.told)) delete state.told[per];
      changed(subject);
    },
  };
}
