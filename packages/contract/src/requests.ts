import { z } from "zod";
import { Answer, AnswerProblem, Outcome, Relation, SourceSnapshot } from "./answers.ts";
import { endpoints } from "./endpoint.ts";
import { exportFile, exportQuery } from "./exports.ts";
import { duration, flag, Id, idList, page, pageQuery, GivenTime, Timestamp } from "./fields.ts";
import { IgnoreListMatch } from "./ignore-lists.ts";
import { IndicatorKind } from "./indicators.ts";
import { CallerClass, Pap, Tlp, Visibility } from "./markings.ts";
import { SourceDiff } from "./request-diff.ts";
import { Verdict, VerdictWord } from "./verdicts.ts";

export const RequestStatus = z.enum(["running", "completed", "cancelled", "expired"]);
export type RequestStatus = z.infer<typeof RequestStatus>;

/** What may be asked for, in milliseconds. */
export const deadlineMsMin = 100;
export const deadlineMsMax = 300_000;
export const deadlineMs = z.number().int().min(deadlineMsMin).max(deadlineMsMax);

const followed = {
  most: z.number().int().min(1).max(50),
  kinds: z.array(IndicatorKind).min(1).max(100),
  types: z.array(Relation.shape.type).min(1).max(50),
};

/** How far what answers point to is looked up as well. Nothing is asked twice in one tree, and nothing on a known-good list. */
export const FollowUp = z.strictObject({
  depth: z.number().int().min(1).max(3).default(1).meta({ description: "Steps from this lookup" }),
  most: followed.most.default(20).meta({ description: "Lookups that may come of it, in all steps together" }),
  kinds: followed.kinds.optional().meta({ description: "Only indicators of these kinds; all when absent" }),
  types: followed.types
    .optional()
    .meta({ description: "Only by these ties; all when absent", examples: [["resolves_to"]] }),
});
export type FollowUp = z.infer<typeof FollowUp>;

/** The place of a lookup in a tree of follow-ups. */
export const FollowUpState = z.strictObject({
  rootId: Id.meta({ description: "The lookup that it began with" }),
  depth: z.number().int().meta({ description: "Steps that are left from here" }),
  most: followed.most,
  kinds: followed.kinds.nullable(),
  types: followed.types.nullable(),
  sourceIds: z.array(Id).nullable().meta({ description: "No others are asked; null: all" }),
  relation: z.string().nullable().meta({ description: "The tie that led to it; null: it is the root" }),
});
export type FollowUpState = z.infer<typeof FollowUpState>;

export const RequestInput = z.strictObject({
  data: z
    .string()
    .min(1)
    .max(8192)
    .meta({ description: "The indicator, defanged or not", examples: ["8.8.8.8", "hxxps://evil[.]example/x"] }),
  kind: IndicatorKind.optional().meta({ description: "Detected when absent" }),
  sourceIds: z.array(Id).min(1).max(1000).optional().meta({ description: "All sources when absent" }),
  tlp: Tlp.optional(),
  pap: Pap.optional(),
  visibility: Visibility.optional().meta({
    description: "Who sees it; the server's default when absent. TLP:RED is private, and cannot be for everyone",
  }),
  deadlineMs: deadlineMs.optional(),
  refresh: z
    .boolean()
    .optional()
    .meta({ description: "Ask every source anew instead of taking answers from the cache" }),
  followUp: FollowUp.optional().meta({ description: "Look up what its answers point to as well" }),
});
export type RequestInput = z.infer<typeof RequestInput>;

export const RequestPatch = z.strictObject({
  visibility: Visibility.meta({
    description:
      "Holds for all that came and still comes of it by following. Opening leaves out what was closed by itself, with what came of that",
  }),
});
export type RequestPatch = z.infer<typeof RequestPatch>;

/** Answers of a lookup that were deleted because they were older than they are kept. Its verdict was made with them, and stays. */
export const PrunedAnswers = z.strictObject({
  count: z.number().int().min(1),
  at: Timestamp.meta({ description: "When the last of them was deleted" }),
});
export type PrunedAnswers = z.infer<typeof PrunedAnswers>;

const summary = {
  id: Id,
  data: z.string(),
  kind: IndicatorKind,
  status: RequestStatus,
  tlp: Tlp,
  pap: Pap,
  visibility: Visibility,
  createdAt: Timestamp,
  completedAt: Timestamp.nullable(),
  userId: Id,
  callerClass: CallerClass,
  batchId: Id.nullable().meta({ description: "The batch that it belongs to" }),
  parentId: Id.nullable().meta({ description: "The lookup whose answers led to this one" }),
  followUp: FollowUpState.nullable(),
  traceId: z.string(),
  /** Ignore lists that held the indicator when it was asked, for all sources or for one that the lookup names. */
  ignoreLists: z.array(IgnoreListMatch),
  verdict: Verdict,
  prunedAnswers: PrunedAnswers.nullable().meta({ description: "Answers that retention deleted; null: none" }),
};
export const RequestSummary = z.strictObject(summary);
export type RequestSummary = z.infer<typeof RequestSummary>;

/** A lookup: one indicator, asked of many sources. */
export const Request = z.strictObject({ ...summary, answers: z.array(Answer) });
export type Request = z.infer<typeof Request>;

/** A lookup that was opened or closed. */
export const ChangedRequest = z.strictObject({
  ...Request.shape,
  followUpsChanged: z
    .number()
    .int()
    .min(0)
    .meta({ description: "How many of the lookups that came of it were opened or closed with it" }),
});
export type ChangedRequest = z.infer<typeof ChangedRequest>;

/** One row of the plan: a source that will be asked, or the reasons why it will not. */
export const PlanRow = z.strictObject({ source: SourceSnapshot, problems: z.array(AnswerProblem) });
export type PlanRow = z.infer<typeof PlanRow>;

/** The events of a lookup, in the order of the stream. The SSE `event` is the type, the SSE `id` the sequence. */
export const LookupEvent = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("fetching_start"), request: RequestSummary, plan: z.array(PlanRow) }),
  z.strictObject({ type: z.literal("fetching_data"), sourceId: Id, answer: Answer }),
  z.strictObject({ type: z.literal("fetching_error"), sourceId: Id, answer: Answer }),
  z.strictObject({ type: z.literal("verdict"), verdict: Verdict }),
  z.strictObject({ type: z.literal("fetching_end"), request: RequestSummary }),
]);
export type LookupEvent = z.infer<typeof LookupEvent>;

const filter = {
  data: z.string().max(8192).optional().meta({ description: "Exactly this indicator" }),
  kind: IndicatorKind.optional(),
  status: RequestStatus.optional(),
  verdict: VerdictWord.optional(),
  prefix: z.string().trim().min(1).max(200).optional().meta({ description: "Begins with this, defanged or not" }),
  domain: z
    .string()
    .trim()
    .min(1)
    .max(300)
    .optional()
    .meta({
      description: "This name and all below it: names, URLs and e-mail addresses on them",
      examples: [".example.com"],
    }),
  network: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .optional()
    .meta({
      description: "Addresses, with or without a port, and networks within this one",
      examples: ["192.0.2.0/24"],
    }),
  sourceId: Id.optional().meta({ description: "This source answered, or came to the outcome that is given" }),
  outcome: Outcome.optional().meta({ description: "The source, or any when none is given, came to this" }),
  userId: Id.optional().meta({ description: "Looked up by this user" }),
  from: GivenTime.optional().meta({ description: "Not before" }),
  to: GivenTime.optional().meta({ description: "Before" }),
};
/** What a list of lookups is narrowed to. */
export const RequestFilter = z.strictObject(filter);
export type RequestFilter = z.infer<typeof RequestFilter>;

/** Other lookups of the same indicator, and in short how often and by whom. */
export const RequestHistory = z.strictObject({
  ...page(RequestSummary).shape,
  seen: z.strictObject({
    count: z.number().int().meta({ description: "Other lookups of it; 1000 stands for 1000 or more" }),
    last: z
      .strictObject({
        id: Id,
        createdAt: Timestamp,
        user: z.strictObject({
          id: Id,
          name: z.string().nullable().meta({ description: "null: the account is gone" }),
        }),
      })
      .nullable(),
  }),
});
export type RequestHistory = z.infer<typeof RequestHistory>;

export const RequestDiff = z.strictObject({
  before: RequestSummary,
  after: RequestSummary,
  sources: z.array(SourceDiff).meta({ description: "Those that changed come first" }),
});
export type RequestDiff = z.infer<typeof RequestDiff>;

/** The lookups that came of one by following it. */
export const RelatedRequests = z.strictObject({
  items: z.array(RequestSummary).meta({ description: "Those that the caller may read, each after its parent" }),
  complete: z.boolean().meta({ description: "Nothing of it runs, and nothing more will be followed" }),
});
export type RelatedRequests = z.infer<typeof RelatedRequests>;

/** More lookups of one indicator than this are not counted. */
export const knownCountMax = 100;
const Indicator = Relation.pick({ kind: true, data: true });

/** What is known of an indicator without asking anybody. */
export const KnownIndicator = z.strictObject({
  ...Indicator.shape,
  count: z
    .number()
    .int()
    .meta({ description: `Lookups of it; ${knownCountMax} stands for as many or more` }),
  last: RequestSummary.pick({ id: true, createdAt: true })
    .extend({ verdict: VerdictWord })
    .nullable()
    .meta({ description: "The newest of them" }),
});
export type KnownIndicator = z.infer<typeof KnownIndicator>;

const idParam = z.strictObject({ id: Id });
const executeQuery = z.strictObject({
  data: RequestInput.shape.data,
  kind: IndicatorKind.optional(),
  sourceIds: idList.optional(),
  tlp: Tlp.optional(),
  pap: Pap.optional(),
  visibility: Visibility.optional(),
  deadlineMs: z.coerce.number().pipe(deadlineMs).optional(),
  refresh: flag.optional().meta({ description: "Ask every source anew instead of taking answers from the cache" }),
  ignoreErrors: flag.default(false).meta({ description: "Leave out the answers that failed or were skipped" }),
});

export const requestsApi = endpoints({
  create: {
    method: "POST",
    path: "/requests",
    summary: "Look an indicator up",
    access: "requests:run",
    query: z.strictObject({
      wait: duration
        .default(0)
        .meta({ description: 'How long to wait for completion, e.g. "30s"; 202 when it takes longer' }),
    }),
    body: RequestInput,
    bodyBytesMax: 64 * 1024,
    idempotent: true,
    responses: { 201: Request, 202: Request },
  },
  list: {
    method: "GET",
    path: "/requests",
    summary: "Lookups, newest first",
    access: "requests:read",
    query: z.strictObject({
      ...pageQuery,
      ...filter,
    }),
    responses: { 200: page(RequestSummary) },
  },
  exportAll: {
    method: "GET",
    path: "/requests/export",
    summary: "All lookups that pass the filter as a file, newest first",
    access: "requests:read",
    query: z.strictObject({ ...filter, ...exportQuery }),
    responses: { 200: null },
    file: exportFile,
  },
  known: {
    method: "POST",
    path: "/requests/known",
    summary: "How often each of some indicators has been looked up, and what came of it last; nothing is asked",
    access: "requests:read",
    body: z.strictObject({
      indicators: z.array(Indicator).min(1).max(100).meta({ description: "In canonical form, as relations are" }),
    }),
    responses: { 200: z.strictObject({ items: z.array(KnownIndicator) }) },
  },
  execute: {
    method: "GET",
    path: "/requests/execute",
    summary: "Look an indicator up in one call and wait for the end, for scripts",
    access: "requests:run",
    query: executeQuery,
    responses: { 200: Request },
  },
  executeSse: {
    method: "GET",
    path: "/requests/execute/sse",
    summary: "Look an indicator up in one call and stream the answers",
    access: "requests:run",
    query: executeQuery,
    responses: { 200: null },
    events: LookupEvent,
  },
  get: {
    method: "GET",
    path: "/requests/{id}",
    summary: "One lookup with all its answers",
    access: "requests:read",
    params: idParam,
    responses: { 200: Request },
  },
  export: {
    method: "GET",
    path: "/requests/{id}/export",
    summary: "One lookup as a file",
    access: "requests:read",
    params: idParam,
    query: z.strictObject(exportQuery),
    responses: { 200: null },
    file: exportFile,
  },
  update: {
    method: "PATCH",
    path: "/requests/{id}",
    summary: "Open a lookup of one's own to everyone, or close it, with all that came of it; TLP:RED stays private",
    access: "requests:run",
    params: idParam,
    body: RequestPatch,
    responses: { 200: ChangedRequest },
  },
  history: {
    method: "GET",
    path: "/requests/{id}/history",
    summary: "Earlier and later lookups of the same indicator",
    access: "requests:read",
    params: idParam,
    query: z.strictObject(pageQuery),
    responses: { 200: RequestHistory },
  },
  related: {
    method: "GET",
    path: "/requests/{id}/related",
    summary: "The lookups that came of this one by following it",
    access: "requests:read",
    params: idParam,
    responses: { 200: RelatedRequests },
  },
  diff: {
    method: "GET",
    path: "/requests/{id}/diff",
    summary: "What is different between two lookups of the same indicator",
    access: "requests:read",
    params: idParam,
    query: z.strictObject({ with: Id.meta({ description: "The other lookup; whichever is older is the one before" }) }),
    responses: { 200: RequestDiff },
  },
  events: {
    method: "GET",
    path: "/requests/{id}/events",
    summary: "Watch a lookup; resumes after Last-Event-ID",
    access: "requests:read",
    params: idParam,
    responses: { 200: null },
    events: LookupEvent,
  },
  cancel: {
    method: "POST",
    path: "/requests/{id}/cancel",
    summary: "Stop a lookup of one's own and what follows from it; sources that are out are stopped in their sandboxes",
    access: "requests:run",
    params: idParam,
    responses: { 200: Request },
  },
});
