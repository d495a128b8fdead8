import { type AnswerProblem, type CallerClass, quotaPerMs, type QuotaWindow } from "@assay/contract";
import type { PlannableSource } from "../lookups/plannable.ts";
import type { SecretToChoose, SecretUse, SlotChoice, Taken } from "../secrets/secret-store.ts";
import { costUnder, type QuotaAsk, type QuotaDecision, type QuotaRule } from "./quota-counter.ts";
import { subjectOfSecret, subjectOfSource } from "./rests.ts";

/** On whose behalf sources are asked. */
export interface Asking {
  readonly callerClass: CallerClass;
  /** Milliseconds since the epoch. */
  readonly deadlineAtMs: number;
  readonly signal: AbortSignal;
}

/** A source that wants to be asked. */
export interface Entry extends Asking {
  readonly source: PlannableSource;
  readonly use: SecretUse;
}

/** The right to ask a source once, with these secrets. It is settled once. */
export interface Admission {
  readonly source: PlannableSource;
  readonly taken: Taken;
  readonly quotas: readonly AdmittedQuota[];
  settled: boolean;
}

export interface AdmittedQuota {
  readonly rule: QuotaRule;
  readonly heldUntilMs: number;
  readonly held: number;
  /** Where its secret goes; null: the quota is the source's own. */
  readonly hosts: readonly string[] | null;
  readonly secret: Taken["secrets"][number] | null;
}

/** Why a source is not asked now. */
export interface Refusal {
  /**
   * `spent`: nothing is left for anybody, or others come before; `reserve`: what is left is for people; `rest`: the provider said stop;
   * `unknown`: it cannot be counted; `unusable`: a slot has no secret that may be used at all.
   */
  readonly because: "spent" | "reserve" | "rest" | "unknown" | "unusable";
  /** To try again after; -1: needless. */
  readonly waitMs: number;
  readonly problems: readonly AnswerProblem[];
}

/** What one entry would take: the rules of its secrets in slots, or its own. */
export interface Wish {
  readonly slots: readonly SlotChoice[];
  readonly rules: readonly QuotaRule[];
  readonly ask: QuotaAsk;
}

/** Whoever may write secrets has limited it; who may write sources cannot switch that off. */
const isFirm = ({ isQuotaOwn, quota }: SecretToChoose): boolean => isQuotaOwn && quota.length > 0;

export const isPerson = (callerClass: CallerClass): boolean => callerClass === "interactive";

/** A quota as the counter takes it. */
export function ruleOf(subject: string, windows: readonly QuotaWindow[], reservePercent: number): QuotaRule {
  return {
    subject,
    windows: windows.map(({ limit, per }) => ({
      limit,
      perMs: quotaPerMs(per),
      kept: Math.floor((limit * reservePercent) / 100),
    })),
  };
}

/** What holds where the source is asked without a secret; null: nothing can, as it is not kept. */
export function ownRule({ snapshot, limits }: PlannableSource): QuotaRule | null {
  return limits.isKept ? ruleOf(subjectOfSource(snapshot.id), limits.quota, limits.reservePercent) : null;
}

/** What an entry would take. `ownRestsUntilMs`: of the source itself, for when it is asked without a secret. */
export function wishOf(
  { source, use, callerClass, deadlineAtMs }: Entry,
  cost: number,
  ownRestsUntilMs: number,
  nowMs: number,
): Wish | Refusal {
  const choices = source.secretSlots.length > 0 ? use.choices(source) : { slots: [] };
  if ("problems" in choices) {
    const waits = choices.problems.map(({ retryAfterMs }) => retryAfterMs ?? -1);
    const isResting = waits.every((waitMs) => waitMs >= 0);
    return {
      because: isResting ? "rest" : "unusable",
      waitMs: isResting ? Math.max(...waits) : -1,
      problems: choices.problems,
    };
  }
  const rules: QuotaRule[] = [];
  const indexOf = (rule: QuotaRule): number => {
    const known = rules.findIndex(({ subject }) => subject === rule.subject);
    return known >= 0 ? known : rules.push(rule) - 1;
  };
  const slots = choices.slots.map(({ slot, secrets }) => ({
    // Without its secret the source itself would be asked, which rests.
    required: slot.required || ownRestsUntilMs > nowMs,
    rules: secrets.map(({ id, quota, quotaReservePercent }) =>
      indexOf(ruleOf(subjectOfSecret(id), quota, quotaReservePercent)),
    ),
  }));
  const own = ownRule(source);
  const hasSecrets = slots.some((slot) => slot.rules.length > 0);
  if (!hasSecrets && ownRestsUntilMs > nowMs) return restOf(source, ownRestsUntilMs, nowMs);
  return {
    slots: choices.slots,
    rules,
    ask: {
      cost,
      isPerson: isPerson(callerClass),
      isFree: !source.limits.enabled && !choices.slots.some(({ secrets }) => secrets.some(isFirm)),
      holdMs: Math.max(0, Math.ceil(deadlineAtMs - nowMs)),
      slots,
      own: own === null ? -1 : indexOf(own),
    },
  };
}

/** What was granted, as it is to be settled. */
export function admit(
  { source, use }: Entry,
  { slots, rules, ask }: Wish,
  decision: Extract<QuotaDecision, { ok: true }>,
): Admission {
  const picked = decision.chosen.slice(0, slots.length).flatMap((index, at) => {
    const secret = slots[at]?.secrets.find(({ id }) => subjectOfSecret(id) === rules[index]?.subject);
    return secret && slots[at] ? [{ slot: slots[at].slot, id: secret.id }] : [];
  });
  const taken = use.take(source, picked);
  const quotas = [...new Set(decision.chosen)].flatMap((index): AdmittedQuota[] => {
    const rule = rules[index];
    if (!rule) return [];
    const names = picked.filter(({ id }) => subjectOfSecret(id) === rule.subject).map(({ slot }) => slot.name);
    const secret = taken.secrets.find(({ id }) => subjectOfSecret(id) === rule.subject) ?? null;
    const hosts = taken.values.filter(({ name }) => names.includes(name)).flatMap((value) => value.hosts);
    return [
      {
        rule,
        heldUntilMs: decision.heldUntilMs,
        held: costUnder(rule, ask.cost),
        hosts: secret === null ? null : hosts,
        secret,
      },
    ];
  });
  return { source, taken, quotas, settled: false };
}

/** What is said where the counter refused. */
export function refusalOf(
  { source }: Entry,
  { slots }: Wish,
  { slot: at, because, waitMs }: Extract<QuotaDecision, { ok: false }>,
  nowMs: number,
): Refusal {
  const { name } = source.snapshot;
  const slot = slots[at]?.slot;
  const windows = wordsOf(slots[at]?.secrets.map(({ quota }) => quota) ?? [source.limits.quota]);
  const resetsAt = waitMs < 0 ? undefined : new Date(nowMs + waitMs).toISOString();
  const when = resetsAt === undefined ? "" : `; from ${resetsAt} on it can be asked again`;
  const details = {
    ...(resetsAt !== undefined && { resetsAt, retryAfterMs: Math.ceil(waitMs) }),
    ...(slot && { slots: [slot.name] }),
  };
  const whose = slot ? `every secret of ${slot.name}` : name;
  if (because === "limit") {
    const message = `The quota of ${whose} is used up (${windows})${when}`;
    return { because: "spent", waitMs, problems: [{ code: "QUOTA_EXHAUSTED", message, ...details }] };
  }
  const message = `What is left of the quota of ${whose} (${windows}) is kept for people${when}`;
  return { because: "reserve", waitMs, problems: [{ code: "BUDGET", message, ...details }] };
}

/** While Redis is away: nobody knows what the other nodes spend, so nothing is spent. */
export function unknownOf({ source }: Entry, retryMs: number): Refusal {
  const message = `The quota of ${source.snapshot.name} cannot be counted while Redis is away, and must not be exceeded`;
  return { because: "unknown", waitMs: retryMs, problems: [{ code: "BUDGET", message }] };
}

/** Somebody who comes before waits for the same quota. */
export function othersFirst({ source }: Entry): Refusal {
  const message = `The quota of ${source.snapshot.name} is used up, and others wait for it who come before`;
  return { because: "spent", waitMs: 0, problems: [{ code: "QUOTA_EXHAUSTED", message }] };
}

function restOf({ snapshot }: PlannableSource, untilMs: number, nowMs: number): Refusal {
  const resetsAt = new Date(untilMs).toISOString();
  const message = `The provider's limit is reached; ${snapshot.name} is asked again from ${resetsAt}`;
  const waitMs = untilMs - nowMs;
  return { because: "rest", waitMs, problems: [{ code: "BUDGET", message, resetsAt, retryAfterMs: waitMs }] };
}

function wordsOf(quotas: readonly (readonly QuotaWindow[])[]): string {
  const words = quotas.map((windows) => windows.map(({ limit, per }) => `${limit} per ${per}`).join(", "));
  return [...new Set(words)].join(" or ");
}
