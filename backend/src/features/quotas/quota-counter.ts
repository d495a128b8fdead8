/** One rolling window of a quota. */
export interface WindowRule {
  readonly perMs: number;
  readonly limit: number;
  /** Calls of the limit that only people may have. */
  readonly kept: number;
}

/** Whose calls are counted together: a secret or a source, named by its id (`secret:…`), never by its value. */
export interface QuotaRule {
  readonly subject: string;
  /** Empty: it always admits, and nothing is counted. */
  readonly windows: readonly WindowRule[];
}

/** One source that wants to be asked. It gets one subject for each slot, all or nothing. */
export interface QuotaAsk {
  /** Calls that it is thought to make. */
  readonly cost: number;
  readonly isPerson: boolean;
  /** Counted, and never refused. */
  readonly isFree: boolean;
  /** Until its calls must be over; so long they count as made just now. */
  readonly holdMs: number;
  /** Indexes of rules, in the order of use. A slot that is not required stays empty where none of its rules admits. */
  readonly slots: readonly { readonly required: boolean; readonly rules: readonly number[] }[];
  /** Index of the rule that holds where no slot is filled; -1: none does. */
  readonly own: number;
}

export type QuotaDecision =
  | {
      readonly ok: true;
      /** For each slot the index of its rule, -1 where it stays empty; at the end that of `own`, -1 where a slot is filled. */
      readonly chosen: readonly number[];
      /** Milliseconds since the epoch by the counter's clock; what `settle` wants. */
      readonly heldUntilMs: number;
    }
  | {
      readonly ok: false;
      /** The slot that got nothing; the number of slots: `own`. */
      readonly slot: number;
      /** `reserve`: what is left is kept for people. */
      readonly because: "limit" | "reserve";
      /** When to ask again at the earliest; -1: never, as the rules are. */
      readonly waitMs: number;
    };

/** What an upstream said is left in a window, already held to the bounds. */
export interface ToldLeft {
  readonly perMs: number;
  readonly left: number;
  readonly resetsInMs: number;
}

/** What became of a reservation. */
export interface Settlement {
  readonly rule: QuotaRule;
  readonly heldUntilMs: number;
  readonly held: number;
  /** Calls that were made; 0 gives the reservation back. */
  readonly used: number;
  readonly told: readonly ToldLeft[];
}

export interface WindowStanding {
  readonly left: number;
  /** Until there is something left again; 0: there is. */
  readonly waitMs: number;
}

/** Counts calls against quotas. Every method is one atomic step. Rejects where the count cannot be reached. */
export interface QuotaCounter {
  /** Decides on every ask, in this order, and reserves what it grants. */
  reserve(rules: readonly QuotaRule[], asks: readonly QuotaAsk[]): Promise<QuotaDecision[]>;
  settle(settlements: readonly Settlement[]): Promise<void>;
  /** By rule and window; reserves nothing. */
  peek(rules: readonly QuotaRule[]): Promise<WindowStanding[][]>;
  /** Forgets what the upstream said; what was counted stays. */
  forgetTold(subject: string): Promise<void>;
}

/** What a reservation takes of a rule: never more than could ever be granted. */
export function costUnder({ windows }: QuotaRule, cost: number): number {
  return Math.min(cost, ...windows.map(({ limit }) => limit));
}
