import type { CallerClass } from "@assay/contract";
import type { PlannableSource } from "../lookups/plannable.ts";
import { isPerson, ownRule, type Refusal, ruleOf, type Wish } from "./admission.ts";
import type { QuotaRule, WindowStanding } from "./quota-counter.ts";
import { subjectOfSecret } from "./rests.ts";

/** What is left for a caller before a source is asked. */
export interface SourceLeft {
  readonly sourceId: string;
  /** The tightest window of what would be spent: calls of this caller's; null: without a limit, or unknown. */
  readonly left: number | null;
  readonly per: string | null;
  readonly limit: number | null;
  /** The secret that would be spent, null: the source's own quota. */
  readonly secretId: string | null;
  /** Milliseconds until the source would be asked; 0: it would be now. */
  readonly waitMs: number;
}

/** The rules of a wish that are counted. */
export function rulesOf(wish: Wish | Refusal): readonly QuotaRule[] {
  return "ask" in wish ? wish.rules.filter(({ windows }) => windows.length > 0) : [];
}

/** Of a pool the secret with the most left; of several slots the one with the least. */
export function leftOf(
  source: PlannableSource,
  wish: Wish | Refusal | undefined,
  standingOf: (rule: QuotaRule) => readonly WindowStanding[] | null,
  callerClass: CallerClass,
): SourceLeft {
  const nothing = { sourceId: source.snapshot.id, left: null, per: null, limit: null, secretId: null, waitMs: 0 };
  if (!wish) return nothing;
  if (!("ask" in wish)) return { ...nothing, left: 0, waitMs: wish.waitMs };
  if (wish.ask.isFree) return nothing;
  const own = ownRule(source);
  const pools = wish.slots
    .filter(({ secrets }) => secrets.length > 0)
    .map(({ secrets }) =>
      secrets.map(({ id, quota, quotaReservePercent }) => ({
        secretId: id as string | null,
        quota,
        rule: ruleOf(subjectOfSecret(id), quota, quotaReservePercent),
      })),
    );
  if (pools.length === 0 && own) pools.push([{ secretId: null, quota: source.limits.quota, rule: own }]);
  const tightest = pools.map((pool) => {
    const each = pool.map(({ secretId, quota, rule }) => {
      const windows = rule.windows.map((window, at) => {
        const standing = standingOf(rule)?.[at];
        const kept = isPerson(callerClass) ? 0 : window.kept;
        const left = standing ? Math.max(0, standing.left - kept) : null;
        return { ...nothing, ...quota[at], secretId, left, waitMs: standing?.waitMs ?? 0 };
      });
      return windows.reduce<SourceLeft>((a, b) => (less(b, a) ? b : a), { ...nothing, secretId });
    });
    return each.reduce((a, b) => (less(a, b) ? b : a));
  });
  return tightest.reduce<SourceLeft>((a, b) => (less(b, a) ? b : a), nothing);
}

/** No limit is more than any. */
function less(a: SourceLeft, b: SourceLeft): boolean {
  return (a.left ?? Infinity) < (b.left ?? Infinity);
}
