import type { CallerClass } from "@assay/contract";
import type { PlannableSource } from "../lookups/plannable.ts";
import { isPerson, ownRule, type Refusal, ruleOf, type Wish } from "./admission.ts";
import type { QuotaRule, WindowStanding } from "./quota-counter.ts";
import { subjectOfSecret } from "./rests.ts";

/** What is left for a caller before a source is asked. */
export interface SourceLeft {
  readonly sourceId: string;
  /** Calls that a lookup reserves. */
  readonly callsPerLookup: number;
  /** The tightest window of what would be spent: calls of this caller's; null: without a limit, or unknown. */
  readonly left: number | null;
  /** null where several secrets are tight in windows of different lengths. */
  readonly per: string | null;
  readonly limit: number | null;
  /** The secret that would be spent, null: the source's own quota, or several secrets. */
  readonly secretId: string | null;
  /** Milliseconds until the source would be asked; 0: it would be now. */
  readonly waitMs: number;
}

/** The tightest window of one secret, or of several together. */
type Left = Omit<SourceLeft, "sourceId" | "callsPerLookup">;

const unlimited: Left = { left: null, per: null, limit: null, secretId: null, waitMs: 0 };

/** The rules of a wish that are counted. */
export function rulesOf(wish: Wish | Refusal): readonly QuotaRule[] {
  return "ask" in wish ? wish.rules.filter(({ windows }) => windows.length > 0) : [];
}

/** Of a pool what its secrets have left together, as the next is used where one is spent; of several slots the one with the least. */
export function leftOf(
  source: PlannableSource,
  wish: Wish | Refusal | undefined,
  standingOf: (rule: QuotaRule) => readonly WindowStanding[] | null,
  callerClass: CallerClass,
): Left {
  if (!wish) return unlimited;
  if (!("ask" in wish)) return { ...unlimited, left: 0, waitMs: wish.waitMs };
  if (wish.ask.isFree) return unlimited;
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
  const sums = pools.map((pool) => {
    const each = pool.map(({ secretId, quota, rule }) => {
      const windows = rule.windows.map((window, at): Left => {
        const standing = standingOf(rule)?.[at];
        const kept = isPerson(callerClass) ? 0 : window.kept;
        const left = standing ? Math.max(0, standing.left - kept) : null;
        return { ...unlimited, ...quota[at], secretId, left, waitMs: standing?.waitMs ?? 0 };
      });
      return windows.reduce((a, b) => (less(b, a) ? b : a), windows[0] ?? { ...unlimited, secretId });
    });
    return each.reduce(together);
  });
  return sums.reduce((a, b) => (less(b, a) ? b : a), sums[0] ?? unlimited);
}

function less(a: Left, b: Left): boolean {
  return sizeOf(a) < sizeOf(b);
}

/** No limit is more than any, and more than one of which nobody knows what is left. */
function sizeOf({ left, limit }: Left): number {
  return left ?? (limit === null ? Infinity : Number.MAX_VALUE);
}

/** One without a limit gives the pool none. */
function together(a: Left, b: Left): Left {
  const waitMs = Math.min(a.waitMs, b.waitMs);
  if (a.limit === null || b.limit === null) return { ...unlimited, waitMs };
  return {
    left: a.left === null || b.left === null ? null : a.left + b.left,
    limit: a.limit + b.limit,
    per: a.per === b.per ? a.per : null,
    secretId: null,
    waitMs,
  };
}
