import { z } from "zod";
import { Answer, Language } from "./answers.ts";
import { CacheLifetimes } from "./cache-lifetimes.ts";
import { endpoints } from "./endpoint.ts";
import { flag, HttpUrl, Id, JsonObject, page, pageQuery, Slug, Timestamp } from "./fields.ts";
import { IgnoreList } from "./ignore-lists.ts";
import { IndicatorKind, StripPart } from "./indicators.ts";
import { ConfigSchema, Exposure, Reliability } from "./manifest.ts";
import { HostPattern } from "./host-pattern.ts";
import { Tlp } from "./markings.ts";
import { limitWaitMsDefault, sourceLimits, SourceQuota } from "./quotas.ts";
import { SecretSlots } from "./secret-slots.ts";
import { SecretAssignments, SourceSecrets } from "./secrets.ts";

const codeBytesMax = 1024 * 1024;
const utf8 = new TextEncoder();
const code = z
  .string()
  .min(1)
  .max(codeBytesMax)
  .refine((text) => utf8.encode(text).length <= codeBytesMax, `must have at most ${codeBytesMax} bytes in UTF-8`);
const strip = z
  .array(StripPart)
  .max(StripPart.options.length)
  .meta({ description: "What is taken out of an indicator before the source gets it" });
const kinds = z.array(IndicatorKind).max(100);

/** What an author may set; defaults are those of a new source. */
const settings = {
  name: z.string().trim().min(1).max(120),
  slug: Slug,
  description: z.string().max(4000),
  providerId: Id,
  code,
  supportedIndicators: kinds.min(1),
  disabledIndicators: kinds,
  enabled: z.boolean(),
  hosts: z.array(HostPattern).max(200),
  secretSlots: SecretSlots,
  exposure: Exposure,
  reliability: Reliability,
  maxTlp: Tlp,
  strip,
  config: ConfigSchema,
  configValues: JsonObject,
  timeoutMs: z.number().int().min(100).max(120_000),
  cacheEnabled: z
    .boolean()
    .meta({ description: "Its answers are kept, and identical lookups under way share one call" }),
  cacheLifetimes: CacheLifetimes,
  ...sourceLimits,
  tags: z.array(z.string().trim().min(1).max(40)).max(20),
  url: HttpUrl.nullable(),
};

export const SourceInput = z.strictObject({
  ...settings,
  language: Language,
  slug: Slug.optional().meta({ description: "Made from the name when absent" }),
  description: settings.description.default(""),
  disabledIndicators: kinds.default([]),
  enabled: z.boolean().default(true),
  hosts: settings.hosts.default([]),
  secretSlots: SecretSlots.default([]),
  exposure: Exposure.default("passive"),
  reliability: Reliability.default("C"),
  maxTlp: Tlp.optional().meta({ description: "The highest TLP that may be sent to it; by exposure when absent" }),
  strip: strip.default([]),
  config: ConfigSchema.default({}),
  configValues: JsonObject.default({}),
  timeoutMs: settings.timeoutMs.default(10_000),
  cacheEnabled: settings.cacheEnabled.default(true),
  cacheLifetimes: CacheLifetimes.optional().meta({ description: "By exposure when absent" }),
  limitEnabled: settings.limitEnabled.default(true),
  quota: settings.quota.default([]),
  quotaReservePercent: settings.quotaReservePercent.default(0),
  callsPerLookup: settings.callsPerLookup.default(1),
  limitMode: settings.limitMode.default("fail"),
  limitWaitMs: settings.limitWaitMs.default(limitWaitMsDefault),
  tags: settings.tags.default([]),
  url: HttpUrl.nullable().default(null),
});
export type SourceInput = z.infer<typeof SourceInput>;

export const SourcePatch = z
  .strictObject(settings)
  .partial()
  .extend({
    versionId: Id.optional().meta({
      description: "The version that the change was made from; where it is no longer the newest, nothing is changed",
    }),
  });
export type SourcePatch = z.infer<typeof SourcePatch>;

export const Source = z.strictObject({
  ...settings,
  id: Id,
  language: Language,
  codeHash: z.string(),
  versionId: Id,
  /** Counts up from 1 with every save of code or manifest. */
  versionNumber: z.number().int(),
  /** It comes with Assay; it can be changed and disabled but not deleted. */
  catalogue: z.boolean(),
  provider: z.strictObject({ id: Id, slug: Slug, name: z.string(), family: Slug, enabled: z.boolean() }),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  createdUserId: Id.nullable(),
  updatedUserId: Id.nullable(),
});
export type Source = z.infer<typeof Source>;

export const SourceSummary = Source.omit({ code: true, config: true, configValues: true });
export type SourceSummary = z.infer<typeof SourceSummary>;

export const SourceVersion = z.strictObject({
  id: Id,
  number: z.number().int(),
  codeHash: z.string(),
  createdAt: Timestamp,
  /** null: the catalogue. */
  createdUserId: Id.nullable(),
});
export type SourceVersion = z.infer<typeof SourceVersion>;

/** What an author states of a source beside its code; a change of it is a new version. */
const manifest = {
  name: settings.name,
  description: settings.description,
  language: Language,
  supportedIndicators: settings.supportedIndicators,
  hosts: settings.hosts,
  secretSlots: SecretSlots,
  exposure: Exposure,
  reliability: Reliability,
  maxTlp: Tlp,
  strip,
  config: ConfigSchema,
  timeoutMs: settings.timeoutMs,
  cacheLifetimes: CacheLifetimes,
  tags: settings.tags,
  url: settings.url,
  providerId: Id,
};
export const SourceVersionManifest = z.strictObject(manifest);
export type SourceVersionManifest = z.infer<typeof SourceVersionManifest>;

export const WholeSourceVersion = SourceVersion.extend({ code: z.string(), manifest: SourceVersionManifest });
export type WholeSourceVersion = z.infer<typeof WholeSourceVersion>;

export const CodeToCheck = z.strictObject({
  language: Language,
  code,
  manifest: z
    .string()
    .max(256 * 1024)
    .optional()
    .meta({ description: "source.yaml as text, to be checked together with the code" }),
});
export type CodeToCheck = z.infer<typeof CodeToCheck>;

export const CodeDiagnostic = z.strictObject({
  /** Code with an error does not run. */
  severity: z.enum(["error", "warning"]),
  message: z.string(),
  /** In the author's code, 1-based; null where unknown. */
  line: z.number().int().nullable(),
  column: z.number().int().nullable(),
});
export type CodeDiagnostic = z.infer<typeof CodeDiagnostic>;

export const ManifestDiagnostic = CodeDiagnostic.extend({
  /** Such as `config.limit.default`; null where it is about the whole. */
  field: z.string().nullable(),
});
export type ManifestDiagnostic = z.infer<typeof ManifestDiagnostic>;

export const SourceTestInput = z.strictObject({
  language: Language,
  code,
  hosts: SourceInput.shape.hosts,
  sourceId: Id.optional().meta({
    description: "Lends the code the secrets in this source's slots, for the hosts that each secret allows",
  }),
  secretSlots: SecretSlots.optional().meta({ description: "Those of the source named by `sourceId` when absent" }),
  strip: SourceInput.shape.strip,
  config: SourceInput.shape.config,
  configValues: SourceInput.shape.configValues,
  timeoutMs: SourceInput.shape.timeoutMs,
  data: z.string().min(1).max(8192).meta({ description: "The indicator, defanged or not" }),
  kind: IndicatorKind.optional().meta({ description: "Detected when absent" }),
});
export type SourceTestInput = z.infer<typeof SourceTestInput>;

/** An answer of code that belongs to no source. */
export const SourceTestResult = Answer.omit({ id: true, source: true, cache: true }).extend({
  /** What the data was taken for, in canonical form. */
  indicator: z.strictObject({ data: z.string(), kind: IndicatorKind }),
});
export type SourceTestResult = z.infer<typeof SourceTestResult>;

const idParam = z.strictObject({ id: Id });
const versionParams = z.strictObject({ id: Id, versionId: Id });

export const sourcesApi = endpoints({
  list: {
    method: "GET",
    path: "/sources",
    summary: "Sources by name",
    access: "sources:read",
    query: z.strictObject({
      ...pageQuery,
      kind: IndicatorKind.optional(),
      language: Language.optional(),
      enabled: flag.optional(),
    }),
    responses: { 200: page(SourceSummary) },
  },
  create: {
    method: "POST",
    path: "/sources",
    summary: "Add a source; code that does not compile is refused with line and column",
    access: "sources:write",
    body: SourceInput,
    bodyBytesMax: 2 * 1024 * 1024,
    responses: { 201: Source },
  },
  check: {
    method: "POST",
    path: "/sources/check",
    summary:
      "Have unsaved code compiled in a runner's sandbox, and its manifest read; nothing is run and nothing stored",
    access: "sources:write",
    body: CodeToCheck,
    bodyBytesMax: 2 * 1024 * 1024,
    responses: {
      200: z.strictObject({
        diagnostics: z.array(CodeDiagnostic),
        manifestDiagnostics: z.array(ManifestDiagnostic).meta({ description: "Empty without a manifest" }),
      }),
    },
  },
  test: {
    method: "POST",
    path: "/sources/test",
    summary: "Run unsaved code once on an indicator, under the limits of every source; nothing is stored",
    access: "sources:write",
    body: SourceTestInput,
    bodyBytesMax: 2 * 1024 * 1024,
    responses: { 200: SourceTestResult },
  },
  getBySlug: {
    method: "GET",
    path: "/sources/slugs/{slug}",
    summary: "One source by slug",
    access: "sources:read",
    params: z.strictObject({ slug: Slug }),
    responses: { 200: Source },
  },
  get: {
    method: "GET",
    path: "/sources/{id}",
    summary: "One source with its code",
    access: "sources:read",
    params: idParam,
    responses: { 200: Source },
  },
  update: {
    method: "PATCH",
    path: "/sources/{id}",
    summary: "Change a source; a change of code or manifest is a new version",
    access: "sources:write",
    params: idParam,
    body: SourcePatch,
    bodyBytesMax: 2 * 1024 * 1024,
    responses: { 200: Source },
  },
  delete: {
    method: "DELETE",
    path: "/sources/{id}",
    summary: "Delete a source; its answers stay",
    access: "sources:write",
    params: idParam,
    responses: { 204: null },
  },
  secrets: {
    method: "GET",
    path: "/sources/{id}/secrets",
    summary: "The source's secret slots and which secrets fill them, in the order of use",
    access: "secrets:read",
    params: idParam,
    responses: { 200: SourceSecrets },
  },
  assignSecrets: {
    method: "PUT",
    path: "/sources/{id}/secrets",
    summary: "Say which secrets fill the source's slots; slots that are left out become empty",
    access: "secrets:write",
    params: idParam,
    body: SecretAssignments,
    responses: { 200: SourceSecrets },
  },
  quota: {
    method: "GET",
    path: "/sources/{id}/quota",
    summary: "What is left of the quotas that hold for the source: of the secrets in its slots, or of its own",
    access: "sources:read",
    params: idParam,
    responses: { 200: SourceQuota },
  },
  liftRest: {
    method: "DELETE",
    path: "/sources/{id}/rest",
    summary: "Ask a source without secrets again although its provider said to stop; its quota stays as it is",
    access: "sources:write",
    params: idParam,
    responses: { 200: SourceQuota },
  },
  requests: {
    method: "GET",
    path: "/sources/{id}/requests",
    summary: "The source's answers, newest first; one that lookups share stands once",
    access: "requests:read",
    params: idParam,
    query: z.strictObject(pageQuery),
    responses: { 200: page(z.strictObject({ requestId: Id, data: z.string(), kind: IndicatorKind, answer: Answer })) },
  },
  versions: {
    method: "GET",
    path: "/sources/{id}/versions",
    summary: "The source's versions, newest first",
    access: "sources:read",
    params: idParam,
    query: z.strictObject(pageQuery),
    responses: { 200: page(SourceVersion) },
  },
  version: {
    method: "GET",
    path: "/sources/{id}/versions/{versionId}",
    summary: "One version of a source with its code and manifest",
    access: "sources:read",
    params: versionParams,
    responses: { 200: WholeSourceVersion },
  },
  rollback: {
    method: "POST",
    path: "/sources/{id}/versions/{versionId}/rollback",
    summary: "Make a new version with the code and manifest of an earlier one; settings and switches stay",
    access: "sources:write",
    params: versionParams,
    responses: { 200: Source },
  },
  ignoreLists: {
    method: "GET",
    path: "/sources/{id}/ignoreLists",
    summary: "Ignore lists that are tied to the source",
    access: "ignoreLists:read",
    params: idParam,
    query: z.strictObject(pageQuery),
    responses: { 200: page(IgnoreList) },
  },
});
