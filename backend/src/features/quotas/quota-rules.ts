import {
  costUnder,
  type QuotaAsk,
  type QuotaDecision,
  type QuotaRule,
  type Settlement,
  type WindowRule,
  type WindowStanding,
} from "./quota-counter.ts";

/**
 * What was counted of one subject. Calls fall into buckets of a sixtieth of their window and count until the whole bucket has
 * left it: at most a sixtieth too long, never too short. A reservation stands in the bucket of the time at which its call is over
 * at the latest, so that one whose node died counts as made; settling moves it to now. `quota-script.ts` says the same in Lua.
 */
export interface QuotaState {
  /** By length of the window, then by number of the bucket. */
  readonly buckets: Record<string, Record<string, number>>;
  /** What the upstream said is left, by length of the window; holds until its time. */
  readonly told: Record<string, { left: number; untilMs: number }>;
}

export const bucketsPerWindow = 60;

export const emptyState = (): QuotaState => ({ buckets: {}, told: {} });

function bucketMs(perMs: number): number {
  return Math.ceil(perMs / bucketsPerWindow);
}

/** Drops what no longer counts. True: nothing is left. */
export function prune({ buckets, told }: QuotaState, nowMs: number): boolean {
  for (const [per, counts] of Object.entries(buckets)) {
    const size = bucketMs(Number(per));
    for (const index of Object.keys(counts))
      if ((Number(index) + 1) * size <= nowMs - Number(per)) delete counts[index];
    if (Object.keys(counts).length === 0) delete buckets[per];
  }
  for (const [per, { untilMs }] of Object.entries(told)) if (untilMs <= nowMs) delete told[per];
  return Object.keys(buckets).length + Object.keys(told).length === 0;
}

/** How a window stands for somebody who wants `cost` calls and must leave `kept`. */
function standingOf(
  state: QuotaState,
  { perMs, limit }: WindowRule,
  cost: number,
  kept: number,
  nowMs: number,
): WindowStanding {
  const size = bucketMs(perMs);
  const counts = Object.entries(state.buckets[perMs] ?? {})
    .map(([index, count]) => [Number(index), count] as const)
    .toSorted(([a], [b]) => a - b);
  const own = limit - counts.reduce((sum, [, count]) => sum + count, 0);
  const told = state.told[perMs];
  const left = Math.max(0, told ? Math.min(own, told.left) : own);
  let waitMs = 0;
  if (told && told.left < cost + kept) waitMs = told.untilMs - nowMs;
  if (own < cost + kept) {
    let free = own;
    let freeAtMs = cost + kept > limit ? -1 : nowMs;
    for (const [index, count] of counts) {
      if (freeAtMs < 0 || free >= cost + kept) break;
      free += count;
      // What is still under way moves to now when it is settled.
      freeAtMs = Math.min((index + 1) * size, nowMs + size) + perMs;
    }
    waitMs = freeAtMs < 0 ? -1 : Math.max(waitMs, freeAtMs - nowMs);
  }
  return { left, waitMs };
}

type Refusal = { readonly because: "limit" | "reserve"; readonly waitMs: number };

function refusalOf(state: QuotaState, rule: QuotaRule, ask: QuotaAsk, nowMs: number): Refusal | null {
  if (ask.isFree) return null;
  const cost = costUnder(rule, ask.cost);
  const refusals: Refusal[] = [];
  for (const window of rule.windows) {
    const kept = ask.isPerson ? 0 : window.kept;
    const { left, waitMs } = standingOf(state, window, cost, kept, nowMs);
    if (left >= cost + kept) continue;
    refusals.push({ because: left >= cost ? "reserve" : "limit", waitMs });
  }
  if (refusals.length === 0) return null;
  return {
    because: refusals.every(({ because }) => because === "reserve") ? "reserve" : "limit",
    waitMs: refusals.some(({ waitMs }) => waitMs < 0) ? -1 : Math.max(...refusals.map(({ waitMs }) => waitMs)),
  };
}

function soonerOf(a: Refusal | null, b: Refusal): Refusal {
  if (a === null || a.waitMs < 0) return b;
  return b.waitMs >= 0 && b.waitMs < a.waitMs ? b : a;
}

/** Decides on one ask and reserves what it grants; `states` stand beside the rules and are changed. */
export function reserveIn(
  states: readonly QuotaState[],
  rules: readonly QuotaRule[],
  ask: QuotaAsk,
  nowMs: number,
): QuotaDecision {
  const admits = (index: number): Refusal | null => {
    const [state, rule] = [states[index], rules[index]];
    return state && rule ? refusalOf(state, rule, ask, nowMs) : null;
  };
  const chosen: number[] = [];
  for (const [slot, { required, rules: candidates }] of ask.slots.entries()) {
    let refusal: Refusal | null = null;
    let found = -1;
    for (const index of candidates) {
      const why = admits(index);
      if (why === null) {
        found = index;
        break;
      }
      refusal = soonerOf(refusal, why);
    }
    if (found < 0 && required && refusal) return { ok: false, slot, ...refusal };
    chosen.push(found);
  }
  const isBare = chosen.every((index) => index < 0);
  if (isBare && ask.own >= 0) {
    const why = admits(ask.own);
    if (why) return { ok: false, slot: ask.slots.length, ...why };
  }
  chosen.push(isBare ? ask.own : -1);
  const heldUntilMs = nowMs + ask.holdMs;
  for (const index of new Set(chosen)) {
    const [state, rule] = [states[index], rules[index]];
    if (!state || !rule) continue;
    const cost = costUnder(rule, ask.cost);
    for (const { perMs } of rule.windows) {
      add(state, perMs, heldUntilMs, cost);
      const told = state.told[perMs];
      if (told) told.left = Math.max(0, told.left - cost);
    }
  }
  return { ok: true, chosen, heldUntilMs };
}

function add({ buckets }: QuotaState, perMs: number, atMs: number, count: number): void {
  const counts = (buckets[perMs] ??= {});
  const index = Math.floor(atMs / bucketMs(perMs));
  const sum = (counts[index] ?? 0) + count;
  if (sum > 0) counts[index] = sum;
  else delete counts[index];
}

/** Moves a reservation to now, as many calls as were made, and lowers what is left to what the upstream said. */
export function settleIn(state: QuotaState, { rule, heldUntilMs, held, used, told }: Settlement, nowMs: number): void {
  for (const { perMs } of rule.windows) {
    add(state, perMs, heldUntilMs, -held);
    if (used > 0) add(state, perMs, nowMs, used);
    const known = state.told[perMs];
    if (known) known.left = Math.max(0, known.left + held - used);
    for (const { left, resetsInMs } of told.filter((word) => word.perMs === perMs)) {
      const before = state.told[perMs];
      // The first reset that was told stands: a reset that moves on with every answer would never come.
      const untilMs = Math.min(before?.untilMs ?? Infinity, nowMs + resetsInMs);
      state.told[perMs] = { left: Math.min(before?.left ?? Infinity, left), untilMs };
    }
  }
}

/** What is left in each window. */
export function peekIn(state: QuotaState, { windows }: QuotaRule, nowMs: number): WindowStanding[] {
  return windows.map((window) => standingOf(state, window, 1, 0, nowMs));
}
