import { z } from "zod";
import { IndicatorKind, StripPart } from "./indicators.ts";
import { HttpUrl, Id, Json, Slug, Timestamp } from "./fields.ts";

export const Language = z.enum(["JAVASCRIPT", "PYTHON"]);
export type Language = z.infer<typeof Language>;

export const Outcome = z.enum(["ok", "not_found", "skipped", "failed"]);
export type Outcome = z.infer<typeof Outcome>;

/** Why a source was not asked. */
export const skipCodes = [
  "UNSUPPORTED_INDICATOR",
  "DISABLED_INDICATOR",
  "SOURCE_DISABLED",
  "PROVIDER_DISABLED",
  "RUNNER_DISABLED",
  "WITHIN_IGNORE_LIST",
  "MISSING_SECRET",
  "MISSING_SOURCE_CODE",
  "TLP",
  "PAP",
  "STRIPPED",
  "BUDGET",
  "DEADLINE",
  "CANCELLED",
] as const;
/** Why a source that was asked has no answer. */
export const failureCodes = [
  "TIMEOUT",
  "RATE_LIMITED",
  "QUOTA_EXHAUSTED",
  "UNAUTHORIZED",
  "FORBIDDEN",
  "UPSTREAM_ERROR",
  "BAD_RESPONSE",
  "EGRESS_DENIED",
  "SANDBOX_LIMIT",
  "SOURCE_ERROR",
  "RUNNER_UNAVAILABLE",
  "INTERNAL",
] as const;
export type SkipCode = (typeof skipCodes)[number];
export type FailureCode = (typeof failureCodes)[number];

export const AnswerProblem = z.strictObject({
  code: z.enum([...skipCodes, ...failureCodes]),
  message: z.string(),
  /** SOURCE_ERROR, BAD_RESPONSE: in the author's code, 1-based. */
  line: z.number().int().optional(),
  column: z.number().int().optional(),
  /** EGRESS_DENIED. */
  host: z.string().optional(),
  /** RATE_LIMITED, BUDGET. */
  retryAfterMs: z.number().int().optional(),
  /** UPSTREAM_ERROR: the HTTP status. */
  status: z.number().int().optional(),
  /** SANDBOX_LIMIT. */
  limit: z.enum(["cpu", "memory", "output", "wall"]).optional(),
  /** MISSING_SECRET, BUDGET: names of the source's secret slots. */
  slots: z.array(z.string()).optional(),
  /** PROVIDER_DISABLED. */
  provider: z.string().optional(),
  /** WITHIN_IGNORE_LIST: the slug of the list, and the entry that holds the indicator. */
  list: z.string().optional(),
  entry: z.string().optional(),
  /** RUNNER_DISABLED, RUNNER_UNAVAILABLE. */
  language: Language.optional(),
});
export type AnswerProblem = z.infer<typeof AnswerProblem>;

/** A source's opinion. `none` is context without an opinion. */
export const Opinion = z.enum(["malicious", "suspicious", "benign", "none"]);
export type Opinion = z.infer<typeof Opinion>;

export const Reason = z.strictObject({
  code: z.string().min(1).max(80),
  text: z.string().min(1).max(500),
  value: z.union([z.number(), z.string().max(500), z.boolean()]).optional(),
  threshold: z.number().optional(),
});
export type Reason = z.infer<typeof Reason>;

const text = z.string().max(1000);
/** Facts that mean the same whoever tells them. */
export const Facts = z.strictObject({
  asn: z.number().int().min(0).max(4_294_967_295).optional(),
  asName: text.optional(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, "must be an ISO 3166 code of two capital letters")
    .optional(),
  city: text.optional(),
  network: text.optional(),
  org: text.optional(),
  scope: text.optional(),
  reverseName: text.optional(),
  ports: z.array(z.number().int().min(0).max(65_535)).max(5000).optional(),
  hostnames: z.array(text).max(1000).optional(),
  firstSeen: Timestamp.optional(),
  lastSeen: Timestamp.optional(),
  registrar: text.optional(),
  registeredAt: Timestamp.optional(),
  expiresAt: Timestamp.optional(),
  nameservers: z.array(text).max(100).optional(),
  malwareFamily: text.optional(),
  fileType: text.optional(),
  fileName: text.optional(),
  fileSize: z.number().int().min(0).optional(),
  cves: z.array(text).max(1000).optional(),
  tags: z.array(text).max(200).optional(),
  score: z.number().optional(),
});
export type Facts = z.infer<typeof Facts>;

export const Relation = z.strictObject({
  kind: IndicatorKind,
  data: z.string().min(1).max(8192),
  /** The tie: `resolves_to`, `belongs_to`, `redirects_to`, … */
  type: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, "must be lower-case words joined by _"),
});
export type Relation = z.infer<typeof Relation>;

/** The part of an answer that a source may state beside its data. Validated; a bad field is a BAD_RESPONSE. */
export const SourceResult = z.strictObject({
  data: Json,
  verdict: Opinion.default("none"),
  reasons: z.array(Reason).max(50).default([]),
  labels: z.array(z.string().min(1).max(100)).max(100).default([]),
  facts: Facts.default({}),
  relations: z.array(Relation).max(1000).default([]),
  link: HttpUrl.nullable().default(null),
  observedAt: Timestamp.nullable().default(null),
});
export type SourceResult = z.infer<typeof SourceResult>;
export const sourceResultKeys: ReadonlySet<string> = new Set(Object.keys(SourceResult.shape));

export const HttpCall = z.strictObject({
  /** Milliseconds since the source was started. */
  atMs: z.number(),
  /** GET, POST, …; DNS for a name lookup. */
  method: z.string(),
  host: z.string(),
  path: z.string(),
  /** 0 when there was no answer. */
  status: z.number().int(),
  requestBytes: z.number().int(),
  responseBytes: z.number().int(),
  durationMs: z.number(),
  error: z.string(),
});
export type HttpCall = z.infer<typeof HttpCall>;

export const LogLine = z.strictObject({
  /** Milliseconds since the source was started. */
  atMs: z.number(),
  level: z.enum(["debug", "info", "warn", "error"]),
  text: z.string(),
});
export type LogLine = z.infer<typeof LogLine>;

/** The source as it was when it was asked. */
export const SourceSnapshot = z.strictObject({
  id: Id,
  slug: Slug,
  name: z.string(),
  language: Language,
  versionId: Id,
  provider: z.strictObject({ id: Id, slug: Slug, name: z.string(), family: z.string() }),
  exposure: z.enum(["local", "passive", "active", "public"]),
  reliability: z.enum(["A", "B", "C", "D", "E", "F"]),
});
export type SourceSnapshot = z.infer<typeof SourceSnapshot>;

/** Whether the answer is in the cache, or came out of it. `fetchedAt` is when the source gave it, whoever asked then. */
export const AnswerCache = z.strictObject({
  state: z.enum(["off", "stored", "hit", "stale", "coalesced"]).meta({
    description:
      "off: asked, and not kept; stored: asked, and kept; hit: from the cache; stale: from the cache although its lifetime was over; coalesced: came of a call for another lookup under way",
  }),
  ageSeconds: z.number(),
  expiresAt: Timestamp.nullable(),
});
export type AnswerCache = z.infer<typeof AnswerCache>;
/** What a source was asked that may not see all of an indicator. */
export const AskedFor = z.strictObject({
  data: z.string(),
  kind: IndicatorKind,
  stripped: z.array(StripPart).min(1).meta({ description: "What was taken out before it was given to the source" }),
});
export type AskedFor = z.infer<typeof AskedFor>;

export const Answer = z.strictObject({
  id: Id,
  source: SourceSnapshot,
  outcome: Outcome,
  problems: z.array(AnswerProblem),
  askedFor: AskedFor.optional().meta({
    description: "Where the source was asked about less than the lookup's indicator; its answer is about this",
  }),
  data: Json,
  verdict: Opinion,
  reasons: z.array(Reason),
  labels: z.array(z.string()),
  facts: Facts,
  relations: z.array(Relation),
  link: z.string().nullable(),
  observedAt: Timestamp.nullable(),
  fetchedAt: Timestamp,
  timing: z.strictObject({
    startedAt: Timestamp,
    endedAt: Timestamp,
    queuedMs: z.number(),
    sandboxMs: z.number(),
    upstreamMs: z.number(),
  }),
  cache: AnswerCache,
  http: z.array(HttpCall),
  logs: z.array(LogLine),
  traceId: z.string(),
});
export type Answer = z.infer<typeof Answer>;
