import { z } from "zod";
import { endpoints } from "./endpoint.ts";
import { exportFile, exportQuery } from "./exports.ts";
import { Id, page, pageQuery, Timestamp } from "./fields.ts";
import { SourceForecast } from "./indicator-plans.ts";
import { IndicatorKind } from "./indicators.ts";
import { Pap, Tlp, Visibility } from "./markings.ts";
import { deadlineMs, RequestInput } from "./requests.ts";
import { VerdictWord } from "./verdicts.ts";

/** Most different indicators of a batch. */
export const batchItemsMax = 100_000;
/** Most entries of a list, those that occur again included. */
export const batchListMax = 2 * batchItemsMax;
/** Longest text that a batch is made from, in UTF-16 code units. */
export const batchCharsMax = 8 * 1024 * 1024;

export const BatchStatus = z.enum(["ready", "running", "paused", "completed", "cancelled", "failed"]).meta({
  description:
    "ready: prepared, not started · running · paused · completed: every indicator has its lookup · cancelled · failed: some or all could not be asked, see `problem`",
});
export type BatchStatus = z.infer<typeof BatchStatus>;

/** Those in which nothing more is started. */
export const batchEnds: ReadonlySet<BatchStatus> = new Set<BatchStatus>(["completed", "cancelled", "failed"]);

/** Whether nothing of a batch will change by itself any more. */
export function isBatchOver({ status, counts }: Pick<Batch, "status" | "counts">): boolean {
  return batchEnds.has(status) && counts.running === 0;
}

/** Where an indicator of a batch stands. Of a batch that does not run, `running` is what is still coming in. */
export const BatchItemState = z.enum(["waiting", "done", "failed", "ignored"]).meta({
  description:
    "waiting: not asked yet, or under way · done: at least one source answered, or none had to be asked · failed: it has no answer from any source · ignored: a known-good ignore list for all sources holds it",
});
export type BatchItemState = z.infer<typeof BatchItemState>;

const Listed = z.union([
  RequestInput.shape.data,
  z.strictObject({ data: RequestInput.shape.data, kind: IndicatorKind.optional() }),
]);

const name = z.string().trim().min(1).max(200);

export const BatchInput = z
  .strictObject({
    text: z
      .string()
      .max(batchCharsMax)
      .optional()
      .meta({ description: "Any text: the indicators in it are looked up. Either this or `indicators`" }),
    indicators: z
      .array(Listed)
      .min(1)
      .max(batchListMax)
      .optional()
      .meta({ description: "Indicators of any kinds, defanged or not; texts, or objects that name the kind" }),
    name: name.optional().meta({ description: "For people", examples: ["Phishing wave of 3 May"] }),
    doubtful: z.boolean().default(false).meta({
      description: "Of a text: also what is doubtful or of no use outside, such as private addresses",
    }),
    start: z.boolean().default(true).meta({
      description: "false: only prepare it and show what it would do; POST /batches/{id}/start then starts it",
    }),
    sourceIds: RequestInput.shape.sourceIds,
    tlp: Tlp.optional(),
    pap: Pap.optional(),
    visibility: RequestInput.shape.visibility,
    deadlineMs: deadlineMs
      .optional()
      .meta({ description: "Of each lookup, from its own start; two minutes when absent" }),
  })
  .refine(({ text, indicators }) => (text === undefined) !== (indicators === undefined), {
    error: "give either a text or a list of indicators",
    path: ["text"],
  });
export type BatchInput = z.output<typeof BatchInput>;

const count = z.number().int().min(0);

/** Many lookups, run in the background. */
export const Batch = z.strictObject({
  id: Id,
  name: z.string().nullable(),
  status: BatchStatus,
  problem: z.string().nullable().meta({ description: "Why it failed or was paused by Assay itself" }),
  tlp: Tlp,
  pap: Pap,
  visibility: Visibility,
  sourceIds: z.array(Id).nullable().meta({ description: "null: all sources" }),
  deadlineMs: z.number().int(),
  userId: Id,
  createdAt: Timestamp,
  startedAt: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
  input: z.strictObject({
    found: count.meta({ description: "Indicators in what was given, each as often as it occurs" }),
    duplicates: count.meta({ description: "Of these, those that had occurred before" }),
    dropped: count.meta({ description: "What was not taken for an indicator" }),
  }),
  kinds: z.partialRecord(IndicatorKind, count).meta({ description: "Different indicators by kind" }),
  counts: z.strictObject({
    total: count.meta({ description: "Different indicators" }),
    ignored: count,
    waiting: count,
    running: count,
    done: count,
    failed: count,
    incomplete: count.meta({ description: "Of those done: at least one source failed" }),
  }),
  verdicts: z.strictObject({ malicious: count, suspicious: count, benign: count, unknown: count }),
  ratePerSecond: z.number().nullable().meta({ description: "Lookups that ended lately; null while it does not run" }),
  remainingSeconds: count.nullable().meta({ description: "Until its end, at this rate" }),
  revision: count.meta({ description: "Grows with every change; the id of its event" }),
});
export type Batch = z.infer<typeof Batch>;

export const BatchItem = z.strictObject({
  position: count.meta({ description: "Its place in what was given, from 0" }),
  kind: IndicatorKind,
  data: z.string(),
  state: BatchItemState,
  note: z
    .string()
    .nullable()
    .meta({ description: "Why it was ignored, why it failed, or that retention has deleted its lookup" }),
  requestId: Id.nullable().meta({ description: "Its lookup, once and as long as there is one" }),
  verdict: VerdictWord.nullable(),
  score: z.number().nullable(),
  sourcesFailed: count,
});
export type BatchItem = z.infer<typeof BatchItem>;

export const BatchDropped = z.strictObject({
  items: z.array(
    z.strictObject({ raw: z.string().meta({ description: "Its first 200 characters" }), reason: z.string() }),
  ),
  more: count.meta({ description: "How many there were beyond the 1,000 that are kept" }),
});
export type BatchDropped = z.infer<typeof BatchDropped>;

/** What is left of a batch to do. */
export const BatchForecast = z.strictObject({
  text: z.string().meta({ description: "The forecast in a sentence" }),
  lookups: count.meta({ description: "Indicators that are left to look up, without those that are ignored" }),
  ignored: count.meta({
    description:
      "Those that were left out when it was made, and those left of which an ignore list now keeps all sources",
  }),
  cached: count.nullable().meta({
    description:
      "Of `lookups`, those of which the cache has the answers of all sources that can be asked; null: it could not be read",
  }),
  calls: count.meta({ description: "Of all sources together" }),
  seen: z.strictObject({
    days: count,
    count: count.meta({
      description: "Of what is left, those that were looked up in the last `days`, as far as you may see",
    }),
  }),
  sources: z.array(SourceForecast.omit({ skipped: true })).meta({
    description: "Those with the most calls come first; those that would give no answer to any of them are left out",
  }),
  unasked: count.meta({ description: "Of `lookups`, those that no source would be asked about" }),
});
export type BatchForecast = z.infer<typeof BatchForecast>;

/** The SSE `event` is the type, the SSE `id` the revision. */
export const BatchEvent = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("progress"), batch: Batch }),
  z.strictObject({ type: z.literal("end"), batch: Batch }),
]);
export type BatchEvent = z.infer<typeof BatchEvent>;

const params = z.strictObject({ id: Id });
const itemFilter = {
  state: BatchItemState.optional(),
  verdict: VerdictWord.optional(),
  kind: IndicatorKind.optional(),
};
export const BatchItemFilter = z.strictObject(itemFilter);
export type BatchItemFilter = z.infer<typeof BatchItemFilter>;

export const BatchRetry = z.strictObject({
  incomplete: z.boolean().default(false).meta({ description: "Also those that are done, where a source failed" }),
});

export const BatchPatch = z.strictObject({ visibility: Visibility });
export type BatchPatch = z.infer<typeof BatchPatch>;

const change = (verb: string, summary: string) =>
  ({
    method: "POST",
    path: `/batches/{id}/${verb}`,
    summary,
    access: "requests:run",
    params,
    responses: { 200: Batch },
  }) as const;

export const batchesApi = endpoints({
  create: {
    method: "POST",
    path: "/batches",
    summary: "Look many indicators up in the background: those of a text, or a list",
    access: "requests:run",
    body: BatchInput,
    // A line break takes two bytes in JSON; a text of the greatest length may consist of them.
    bodyBytesMax: 2 * batchCharsMax + 64 * 1024,
    idempotent: true,
    responses: { 201: Batch, 200: Batch },
  },
  list: {
    method: "GET",
    path: "/batches",
    summary: "Batches, newest first",
    access: "requests:read",
    query: z.strictObject({ ...pageQuery, status: BatchStatus.optional() }),
    responses: { 200: page(Batch) },
  },
  get: {
    method: "GET",
    path: "/batches/{id}",
    summary: "One batch, and how far it is",
    access: "requests:read",
    params,
    responses: { 200: Batch },
  },
  update: {
    method: "PATCH",
    path: "/batches/{id}",
    summary:
      "Open a batch of one's own, and its lookups, to everyone, or close them; not while it runs. TLP:RED stays private",
    access: "requests:run",
    params,
    body: BatchPatch,
    responses: { 200: Batch },
  },
  dropped: {
    method: "GET",
    path: "/batches/{id}/dropped",
    summary: "What was not taken for an indicator, and why",
    access: "requests:read",
    params,
    responses: { 200: BatchDropped },
  },
  forecast: {
    method: "GET",
    path: "/batches/{id}/forecast",
    summary:
      "What is left of a batch to do, as of now: lookups, what is ignored, what is cached or was looked up lately, and how often each source would be asked",
    access: "requests:read",
    params,
    responses: { 200: BatchForecast },
  },
  items: {
    method: "GET",
    path: "/batches/{id}/items",
    summary: "The indicators of a batch in the order in which they were given, with what came of each",
    access: "requests:read",
    params,
    query: z.strictObject({ ...pageQuery, ...itemFilter }),
    responses: { 200: page(BatchItem) },
  },
  events: {
    method: "GET",
    path: "/batches/{id}/events",
    summary: "Watch how far a batch is, a few times a second at the most; after Last-Event-ID only what is newer",
    access: "requests:read",
    params,
    responses: { 200: null },
    events: BatchEvent,
  },
  export: {
    method: "GET",
    path: "/batches/{id}/export",
    summary: "The lookups of a batch as a file",
    access: "requests:read",
    params,
    query: z.strictObject({ ...exportQuery, ...itemFilter }),
    responses: { 200: null },
    file: exportFile,
  },
  start: change("start", "Start a batch that was only prepared"),
  pause: change("pause", "Start no more lookups; those under way come to their end"),
  resume: change("resume", "Go on with a paused batch"),
  cancel: change("cancel", "Stop a batch for good, and the lookups that are under way"),
  retry: {
    ...change("retry", "Look up again what failed; what was answered stays"),
    body: BatchRetry,
  },
  delete: {
    method: "DELETE",
    path: "/batches/{id}",
    summary: "Forget a batch that does not run; its lookups stay",
    access: "requests:run",
    params,
    responses: { 204: null },
  },
});
