import { z } from "zod";
import { Id, Timestamp } from "./fields.ts";

const dayMs = 86_400_000;
/** A month is as long as the longest: a rolling window of 31 days lets nothing through that a calendar month would refuse. */
const namedMs: Readonly<Record<string, number>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: dayMs,
  week: 7 * dayMs,
  month: 31 * dayMs,
};
const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: dayMs };

/** The length of a window: a word, or a duration such as `30s`. */
export const QuotaPer = z
  .string()
  .regex(/^(second|minute|hour|day|week|month|[1-9]\d{0,5}[smhd])$/, {
    error: 'must be second, minute, hour, day, week, month, or a duration such as "30s" or "12h"',
    abort: true,
  })
  .refine((per) => quotaPerMs(per) <= 366 * dayMs, "must be 366 days or less");
export type QuotaPer = z.infer<typeof QuotaPer>;

/** So many calls in any stretch of this length: the window rolls. */
export const QuotaWindow = z.strictObject({ limit: z.number().int().min(1).max(1_000_000_000), per: QuotaPer });
export type QuotaWindow = z.infer<typeof QuotaWindow>;

export const QuotaWindows = z
  .array(QuotaWindow)
  .max(5)
  .superRefine((windows, context) => {
    for (const [index, { per }] of windows.entries()) {
      const first = windows.findIndex((other) => quotaPerMs(other.per) === quotaPerMs(per));
      if (first !== index)
        context.addIssue({ code: "custom", path: [index, "per"], message: `is ${per}, which has a limit already` });
    }
  })
  .meta({ description: "Calls in rolling windows; all of them hold at once" });
export type QuotaWindows = z.infer<typeof QuotaWindows>;

export const QuotaReserve = z.number().int().min(0).max(90).meta({
  description: "Percent of each window, rounded down, that is kept for people: API, schedules and batches leave it",
});

/** What a source does when its quota has nothing left. */
export const LimitMode = z.enum(["fail", "wait"]);
export type LimitMode = z.infer<typeof LimitMode>;

/** How a source keeps to its provider's limits; each with the words that the API tells. */
export const sourceLimits = {
  limitEnabled: z.boolean().meta({ description: "Off: calls are counted, but no quota holds them back" }),
  quota: QuotaWindows.meta({ description: "Holds where the source is asked without a secret; a secret has its own" }),
  quotaReservePercent: QuotaReserve,
  callsPerLookup: z
    .number()
    .int()
    .min(1)
    .max(20)
    .meta({ description: "Upstream requests that one lookup makes at the most; so many are reserved" }),
  limitMode: LimitMode.meta({ description: "With nothing left: fail, or wait for a call to become free" }),
  limitWaitMs: z
    .number()
    .int()
    .min(100)
    .max(600_000)
    .meta({ description: "The longest wait, within the lookup's deadline" }),
};
export const limitWaitMsDefault = 10_000;

/** What is left of a quota. */
export const QuotaStanding = z.strictObject({
  /** Where it is counted: `all_nodes` by Redis, `this_node` in memory, `unknown` while Redis is away. */
  counted: z.enum(["all_nodes", "this_node", "unknown"]),
  windows: z.array(
    QuotaWindow.extend({
      /** Calls; null: unknown. */
      left: z.number().int().min(0).nullable(),
      /** When there is something left again; null: there is, or it is unknown. */
      freeAt: Timestamp.nullable(),
    }),
  ),
  /** The provider said stop: it is not asked before. */
  restsUntil: Timestamp.nullable(),
});
export type QuotaStanding = z.infer<typeof QuotaStanding>;

/** What holds for a source that is asked now, of which secret or of its own. */
export const SourceQuota = z.strictObject({
  quotas: z.array(
    z.strictObject({
      /** null: the source's own, without a secret. */
      secret: z
        .strictObject({
          slot: z.string(),
          /** null: the caller may not see secrets. */
          id: Id.nullable(),
          name: z.string().nullable(),
        })
        .nullable(),
      reservePercent: QuotaReserve,
      standing: QuotaStanding,
    }),
  ),
});
export type SourceQuota = z.infer<typeof SourceQuota>;

/** Milliseconds of a window's length; the text has been validated. */
export function quotaPerMs(per: string): number {
  return namedMs[per] ?? Number.parseInt(per, 10) * (unitMs[per.slice(-1)] ?? Number.NaN);
}

/** Several quotas at once: of each length of window the lowest limit. */
export function strictestQuota(quotas: readonly (readonly QuotaWindow[])[]): QuotaWindow[] {
  const byLength = new Map<number, QuotaWindow>();
  for (const window of quotas.flat()) {
    const ms = quotaPerMs(window.per);
    const known = byLength.get(ms);
    if (!known || window.limit < known.limit) byLength.set(ms, window);
  }
  return [...byLength].toSorted(([a], [b]) => a - b).map(([, window]) => window);
}

/** What is left of the quota that a source would spend, in its tightest window; of several secrets in one slot, together. */
export const QuotaForecast = z.strictObject({
  /** Calls for a caller like this one; null: unknown. */
  left: z.number().int().min(0).nullable(),
  limit: z.number().int().nullable(),
  per: z.string().nullable().meta({ description: "null: several secrets, tightest in windows of different lengths" }),
  secretId: Id.nullable().meta({
    description: "Whose quota it is; null: the source's own, or that of several secrets",
  }),
  waitMs: z.number().min(0).meta({ description: "Until a call would be free; 0: one is" }),
});
export type QuotaForecast = z.infer<typeof QuotaForecast>;
