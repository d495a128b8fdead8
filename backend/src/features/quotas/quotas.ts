import type { AnswerProblem, CallerClass, HttpCall, QuotaStanding, QuotaWindow } from "@assay/contract";
import type { Logger } from "@assay/process";
import type { Clock } from "../../context.ts";
import type { PlannableSource } from "../lookups/plannable.ts";
import type { SecretUse } from "../secrets/secret-store.ts";
import {
  admit,
  type Admission,
  type AdmittedQuota,
  type Asking,
  type Entry,
  othersFirst,
  type Refusal,
  refusalOf,
  ruleOf,
  unknownOf,
  type Wish,
  wishOf,
} from "./admission.ts";
import type { QuotaMetrics } from "./metrics.ts";
import type { QuotaCounter, QuotaRule, Settlement, WindowStanding } from "./quota-counter.ts";
import { type Rests, subjectOfSource } from "./rests.ts";
import { leftOf, rulesOf, type SourceLeft } from "./source-left.ts";
import { learn } from "./upstream-words.ts";
import { createWaitingRoom, type Outcome } from "./waiting-room.ts";

/** A source's place: decided at once, or once it has waited for its turn. */
export type Ticket = { readonly source: PlannableSource } & (
  | { readonly at: "once"; readonly outcome: Outcome }
  | { readonly at: "turn"; readonly outcome: Promise<Outcome | null> }
);

/** How an admitted call ended. */
export interface CallEnd {
  readonly http: readonly HttpCall[];
  readonly problems: readonly AnswerProblem[];
  /** Runners that were given the call, one after the other; what those before the last did is not known. */
  readonly attempts: number;
}

/** Decides before every call of a source whether there is a call left for it, and learns from what came of it. */
export interface Quotas {
  /** All sources of a lookup in one step. */
  admit(sources: readonly PlannableSource[], asking: Asking, use: SecretUse): Promise<Ticket[]>;
  settle(admission: Admission, end: CallEnd, use: SecretUse): void;
  /** The call never left. */
  giveBack(admission: Admission): void;
  /** What is left for a caller of this class, source by source; reserves nothing. */
  peek(sources: readonly PlannableSource[], callerClass: CallerClass, use: SecretUse): Promise<SourceLeft[]>;
  /** How quotas stand, in the order given. */
  standings(asked: readonly StandingQuestion[]): Promise<QuotaStanding[]>;
  /** Forgets what upstream said is left; after the rest itself was lifted. */
  forgetTold(subject: string): Promise<void>;
  /** Waits for what is still being settled. */
  close(): Promise<void>;
}

export interface StandingQuestion {
  readonly subject: string;
  readonly quota: readonly QuotaWindow[];
}

export interface QuotasOptions {
  readonly counter: QuotaCounter;
  readonly rests: Rests;
  /** Where the counter counts. */
  readonly counted: "all_nodes" | "this_node";
  readonly metrics: QuotaMetrics;
  readonly clock: Clock;
  readonly log: Logger;
}

/** While Redis is away it is asked again so often. */
const unknownRetryMs = 1000;
/** No run makes more. */
const costMax = 20;
const complainEveryMs = 60_000;

export function createQuotas({ counter, rests, counted, metrics, clock, log }: QuotasOptions): Quotas {
  /** Calls that the last run of a source made: where that is more than it says, the next one reserves as many. */
  const costs = new Map<string, number>();
  const settling = new Set<Promise<unknown>>();
  let complainedAtMs = -Infinity;
  const nowMs = (): number => clock.now().getTime();

  const complain = (err: unknown): void => {
    if (nowMs() - complainedAtMs < complainEveryMs) return;
    complainedAtMs = nowMs();
    log.warn({ err }, "quotas cannot be counted while Redis is away; sources with a quota are not asked meanwhile");
  };
  const costOf = ({ limits, snapshot }: PlannableSource): number =>
    Math.max(limits.callsPerLookup, costs.get(snapshot.id) ?? 1);
  const wish = (entry: Entry): Wish | Refusal => {
    const { source } = entry;
    return wishOf(entry, costOf(source), rests.untilMs(subjectOfSource(source.snapshot.id)), nowMs());
  };

  async function tryAll(entries: readonly Entry[]): Promise<Outcome[]> {
    const wishes = entries.map(wish);
    const counts = wishes.map((each) => ("ask" in each ? each : null));
    const decisions = await decide(counts);
    return entries.map((entry, at): Outcome => {
      const [own, decision] = [wishes[at], decisions[at]];
      if (!own || !("ask" in own)) return { refusal: own ?? unknownOf(entry, unknownRetryMs) };
      if (!decision) return { refusal: unknownOf(entry, unknownRetryMs) };
      if (decision.ok) return { admission: admit(entry, own, decision) };
      return { refusal: refusalOf(entry, own, decision, nowMs()) };
    });
  }

  /** One step for all; null: it cannot be counted. What needs no counting is decided here, so that nothing waits for Redis without need. */
  async function decide(wishes: readonly (Wish | null)[]) {
    const rules: QuotaRule[] = [];
    const places = new Map<string, number>();
    const indexOf = (rule: QuotaRule | undefined): number => {
      if (!rule) return -1;
      const known = places.get(rule.subject);
      if (known !== undefined) return known;
      places.set(rule.subject, rules.length);
      return rules.push(rule) - 1;
    };
    const isCounted = (each: Wish | null): each is Wish =>
      each !== null && each.rules.some(({ windows }) => windows.length > 0);
    const asked = wishes.filter(isCounted);
    const asks = asked.map(({ ask, rules: own }) => ({
      ...ask,
      slots: ask.slots.map((slot) => ({ ...slot, rules: slot.rules.map((index) => indexOf(own[index])) })),
      own: indexOf(own[ask.own]),
    }));
    const counts = await counter.reserve(rules, asks).catch((error: unknown) => {
      complain(error);
      return null;
    });
    return wishes.map((each) => {
      if (each === null) return null;
      if (!isCounted(each)) return firstOfAll(each);
      const decision = counts?.[asked.indexOf(each)];
      if (!decision?.ok) return decision ?? (each.ask.isFree ? firstOfAll(each) : null);
      // Back from the rules of all to those of its own.
      const chosen = decision.chosen.map((index) =>
        each.rules.findIndex(({ subject }) => subject === rules[index]?.subject),
      );
      return { ...decision, chosen };
    });
  }

  function firstOfAll({ ask }: Wish) {
    const chosen = ask.slots.map(({ rules }) => rules[0] ?? -1);
    const isBare = chosen.every((index) => index < 0);
    return { ok: true as const, chosen: [...chosen, isBare ? ask.own : -1], heldUntilMs: nowMs() + ask.holdMs };
  }

  const subjectsOf = (entry: Entry): ReadonlySet<string> => {
    const own = wish(entry);
    // What no quota holds back need not let anybody go first.
    if ("ask" in own && own.ask.isFree) return new Set();
    const subjects = "ask" in own ? own.rules.map(({ subject }) => subject) : [];
    return new Set([...subjects, subjectOfSource(entry.source.snapshot.id)]);
  };

  const settleAll = (admission: Admission, of: (quota: AdmittedQuota) => Pick<Settlement, "used" | "told">): void => {
    if (admission.settled) return;
    admission.settled = true;
    const settlements = admission.quotas
      .filter(({ rule }) => rule.windows.length > 0)
      .map((quota) => ({ rule: quota.rule, heldUntilMs: quota.heldUntilMs, held: quota.held, ...of(quota) }));
    if (settlements.length === 0) return;
    const isFreed = settlements.some(({ held, used }) => used < held);
    const work = counter
      .settle(settlements)
      // What is not settled counts until its lookup's deadline and a whole window from there.
      .catch(complain)
      .then(() => isFreed && room.nudge())
      .finally(() => settling.delete(work));
    settling.add(work);
  };

  const giveBack = (admission: Admission): void => settleAll(admission, () => ({ used: 0, told: [] }));
  const room = createWaitingRoom({ clock, tryAll, subjectsOf, giveBack });
  rests.onLift(room.nudge);

  return {
    async admit(sources, asking, use) {
      const entries = sources.map((source): Entry => ({ ...asking, source, use }));
      const behind = new Set(entries.filter(room.isBehind));
      const tried = entries.filter((entry) => !behind.has(entry));
      const outcomes = await tryAll(tried);
      return entries.map((entry): Ticket => {
        const { source } = entry;
        const outcome = outcomes[tried.indexOf(entry)];
        if (outcome && "admission" in outcome) return { source, at: "once", outcome };
        const refusal = outcome?.refusal ?? othersFirst(entry);
        const isWaiting = source.limits.waitMs > 0;
        if (!isWaiting && !behind.has(entry)) {
          metrics.refused(refusal.because);
          return { source, at: "once", outcome: { refusal } };
        }
        const waited = room.wait(entry, refusal).then((end) => {
          if (end && "refusal" in end) metrics.refused(end.refusal.because);
          return end;
        });
        if (isWaiting) metrics.waited();
        return { source, at: "turn", outcome: waited };
      });
    },
    settle(admission, { http, problems, attempts }, use) {
      const before = (attempts - 1) * Math.max(...admission.quotas.map(({ held }) => held), 0);
      const lessons = new Map(
        admission.quotas.map((quota) => [quota, learn(quota.rule, quota.hosts, http, problems)] as const),
      );
      const calls = Math.max(0, ...[...lessons.values()].map((lesson) => lesson.calls));
      if (calls > 0) costs.set(admission.source.snapshot.id, Math.min(costMax, calls));
      // What the provider said of a value tells nothing of the one that a secret has by now.
      const holds = ({ secret }: AdmittedQuota): boolean => secret === null || use.isCurrent(secret);
      for (const [quota, { restMs }] of lessons)
        if (restMs > 0 && holds(quota)) rests.rest(quota.rule.subject, nowMs() + restMs);
      settleAll(admission, (quota) => {
        const lesson = lessons.get(quota);
        return { used: (lesson?.calls ?? 0) + before, told: holds(quota) ? (lesson?.told ?? []) : [] };
      });
    },
    giveBack,
    async peek(sources, callerClass, use) {
      const entries = sources.map((source) => ({
        source,
        use,
        callerClass,
        deadlineAtMs: nowMs(),
        signal: new AbortController().signal,
      }));
      const wishes = entries.map(wish);
      const rules = [...new Map(wishes.flatMap(rulesOf).map((rule) => [rule.subject, rule])).values()];
      const found = await counter.peek(rules).catch(() => null);
      const standingOf = (rule: QuotaRule): readonly WindowStanding[] | null =>
        found?.[rules.findIndex(({ subject }) => subject === rule.subject)] ?? null;
      return sources.map((source, at) => ({
        sourceId: source.snapshot.id,
        callsPerLookup: costOf(source),
        ...leftOf(source, wishes[at], standingOf, callerClass),
      }));
    },
    async standings(asked) {
      const known = await counter.peek(asked.map(({ subject, quota }) => ruleOf(subject, quota, 0))).catch(() => null);
      return asked.map(({ subject, quota }, at): QuotaStanding => {
        const restMs = rests.untilMs(subject);
        return {
          counted: known === null ? "unknown" : counted,
          windows: quota.map((window, nth) => {
            const standing = known?.[at]?.[nth];
            const waitMs = standing?.waitMs ?? 0;
            const freeAt = waitMs > 0 ? new Date(nowMs() + waitMs).toISOString() : null;
            return { ...window, left: standing?.left ?? null, freeAt };
          }),
          restsUntil: restMs > 0 ? new Date(restMs).toISOString() : null,
        };
      });
    },
    async forgetTold(subject) {
      await counter.forgetTold(subject).catch(complain);
      room.nudge();
    },
    async close() {
      room.close();
      await Promise.all(settling);
    },
  };
}
