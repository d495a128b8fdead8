import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { ConfigSchema, Json, Source, SourceSummary } from "@assay/contract";
import type { SourceFields, SourceRow, SourceSummaryRow } from "./queries.ts";

/** What an author states of a source beside its code; a change of it is a new version. */
const manifestKeys = [
  "name",
  "description",
  "language",
  "supportedIndicators",
  "hosts",
  "secretSlots",
  "exposure",
  "reliability",
  "maxTlp",
  "strip",
  "config",
  "timeoutMs",
  "cacheLifetimes",
  "tags",
  "url",
  "providerId",
] as const;

export type ManifestFields = Record<(typeof manifestKeys)[number], unknown>;

export function manifestOf(source: ManifestFields): Record<string, Json> {
  return Object.fromEntries(manifestKeys.map((key) => [key, source[key] as Json]));
}

/** Whether code or manifest are no longer the same. */
export function isNewVersion(
  before: ManifestFields & { readonly codeHash: string },
  after: ManifestFields & { readonly codeHash: string },
): boolean {
  return before.codeHash !== after.codeHash || !isDeepStrictEqual(manifestOf(before), manifestOf(after));
}

/** Names code everywhere: SHA-256, 64 lower-case hexadecimal digits. */
export function hashCode(code: string): string {
  return createHash("sha256").update(code).digest("hex");
}

/** A row as it can be written again. */
export function writable({ provider: _provider, catalogueManifest: _manifest, ...row }: SourceRow): SourceFields {
  return {
    ...row,
    config: row.config ?? {},
    configValues: row.configValues ?? {},
    secretSlots: row.secretSlots ?? [],
    cacheLifetimes: row.cacheLifetimes ?? {},
  };
}

/** The row as the API shows it. The words in its columns came through the contract's schemas. */
export function sourceOf(row: SourceRow): Source {
  const { config, configValues, code } = row;
  return {
    ...summaryOf(row),
    code,
    config: config as ConfigSchema,
    configValues: configValues as Source["configValues"],
  };
}

export function summaryOf(row: SourceSummaryRow): SourceSummary {
  const { id, slug, name, family, enabled } = row.provider;
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    description: row.description,
    language: row.language as Source["language"],
    codeHash: row.codeHash,
    supportedIndicators: row.supportedIndicators as Source["supportedIndicators"],
    disabledIndicators: row.disabledIndicators as Source["disabledIndicators"],
    enabled: row.enabled,
    hosts: row.hosts,
    secretSlots: row.secretSlots as Source["secretSlots"],
    exposure: row.exposure as Source["exposure"],
    reliability: row.reliability as Source["reliability"],
    maxTlp: row.maxTlp as Source["maxTlp"],
    strip: row.strip as Source["strip"],
    timeoutMs: row.timeoutMs,
    cacheEnabled: row.cacheEnabled,
    cacheLifetimes: row.cacheLifetimes as Source["cacheLifetimes"],
    tags: row.tags,
    url: row.url,
    providerId: row.providerId,
    provider: { id, slug, name, family, enabled },
    versionId: row.versionId,
    versionNumber: row.versionNumber,
    catalogue: row.catalogue,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    createdUserId: row.createdUserId,
    updatedUserId: row.updatedUserId,
  };
}
