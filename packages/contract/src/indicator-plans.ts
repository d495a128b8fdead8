import { z } from "zod";
import { AnswerProblem, SourceSnapshot } from "./answers.ts";
import { endpoints } from "./endpoint.ts";
import { Id } from "./fields.ts";
import { IgnoreListMatch } from "./ignore-lists.ts";
import { extractCharsMax, IndicatorKind } from "./indicators.ts";
import { Pap, Tlp } from "./markings.ts";
import { QuotaForecast } from "./quotas.ts";

/** Most indicators of one plan. */
export const planIndicatorsMax = 10_000;
/** So many indicators, and so many that are none, are told one by one. */
export const planRowsMax = 100;

const data = z.string().min(1).max(8192);
const GivenIndicator = z.union([data, z.strictObject({ data, kind: IndicatorKind.optional() })]);

export const IndicatorPlanInput = z
  .strictObject({
    indicators: z
      .array(GivenIndicator)
      .min(1)
      .max(planIndicatorsMax)
      .optional()
      .meta({ description: "Each as text, defanged or not, or with its kind" }),
    text: z.string().max(extractCharsMax).optional().meta({ description: "Any text, from which they are extracted" }),
    sourceIds: z.array(Id).min(1).max(1000).optional().meta({ description: "All sources when absent" }),
    tlp: Tlp.optional(),
    pap: Pap.optional(),
    refresh: z.boolean().optional().meta({ description: "As if nothing were cached; false when absent" }),
  })
  .refine(({ indicators, text }) => (indicators === undefined) !== (text === undefined), {
    error: "give either indicators or text",
    path: ["indicators"],
  });
export type IndicatorPlanInput = z.infer<typeof IndicatorPlanInput>;

/** What would come of asking a source now. */
export const PlanAction = z.enum(["ask", "cached", "skip"]);
export type PlanAction = z.infer<typeof PlanAction>;

export const PlannedIndicator = z.strictObject({
  data: z.string(),
  kind: IndicatorKind,
  /** Ignore lists that hold it. */
  ignoreLists: z.array(IgnoreListMatch),
  sources: z.array(z.strictObject({ sourceId: Id, action: PlanAction, problems: z.array(AnswerProblem) })),
});
export type PlannedIndicator = z.infer<typeof PlannedIndicator>;

export const SourceForecast = z.strictObject({
  source: SourceSnapshot,
  lookups: z.number().int().min(0).meta({
    description: "Indicators that the source would be asked about; at the most, where `cached` is null",
  }),
  calls: z.number().int().min(0).meta({ description: "Upstream requests that these reserve of its quota" }),
  cached: z
    .number()
    .int()
    .min(0)
    .nullable()
    .meta({ description: "Indicators that the cache would answer; null: it could not be read" }),
  skipped: z.array(AnswerProblem.pick({ code: true }).extend({ count: z.number().int(), example: z.string() })),
  quota: QuotaForecast.nullable().meta({ description: "null: nothing limits it" }),
});
export type SourceForecast = z.infer<typeof SourceForecast>;

/** What would run, what it would cost, and what would be skipped and why. Nothing is asked or spent. */
export const IndicatorPlan = z.strictObject({
  text: z.string().meta({ description: "The plan in a sentence" }),
  /** Different indicators. */
  indicators: z.number().int(),
  /** Named again. */
  duplicates: z.number().int(),
  /** Texts that are no indicators, or that extraction dropped. */
  invalid: z.number().int(),
  /** No source would be asked, because a known-good list holds them. */
  ignored: z.number().int(),
  cached: z.number().int().nullable().meta({
    description: "The cache would answer for every source that can be asked; null: it could not be read",
  }),
  unasked: z.number().int().meta({ description: "No source would be asked, for other reasons than an ignore list" }),
  calls: z.number().int().meta({ description: "Of all sources together" }),
  sources: z.array(SourceForecast).meta({ description: "Those with the most calls come first" }),
  rows: z.array(PlannedIndicator).meta({ description: `The first ${planRowsMax} indicators, each on its own` }),
  invalidRows: z
    .array(z.strictObject({ data: z.string(), reason: z.string() }))
    .meta({ description: `The first ${planRowsMax} texts that are no indicators` }),
});
export type IndicatorPlan = z.infer<typeof IndicatorPlan>;

export const indicatorPlansApi = endpoints({
  plan: {
    method: "POST",
    path: "/indicators/plan",
    summary: "What looking indicators up would ask, cost and skip",
    access: "requests:run",
    body: IndicatorPlanInput,
    bodyBytesMax: 2 * extractCharsMax + 64 * 1024,
    responses: { 200: IndicatorPlan },
  },
});
