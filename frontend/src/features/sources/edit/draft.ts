import {
  configValueProblems,
  type FieldError,
  type Language,
  manifestCacheOf,
  type Provider,
  type Source,
  type SourceManifest,
  type SourceTestInput,
} from "@assay/contract";
import { type ManifestReading, writeManifestText } from "@assay/contract/manifest-text";

/** What stands in the editors. */
export interface Draft {
  readonly code: string;
  /** source.yaml. */
  readonly manifest: string;
}

/** Something wrong in a draft; line and column are 1-based, null where unknown. */
export interface DraftProblem {
  readonly file: keyof Draft;
  readonly severity: "error" | "warning";
  /** Of the manifest, such as `hosts.0`. */
  readonly field: string | null;
  readonly message: string;
  readonly line: number | null;
  readonly column: number | null;
}

/** A source as it is, to be edited. */
export function draftOf(source: Source): Draft {
  const manifest = writeManifestText({
    name: source.name,
    description: source.description,
    provider: source.provider.slug,
    // Which of the two is not stored: both are compiled the same way.
    language: source.language === "PYTHON" ? "python" : "javascript",
    indicators: source.supportedIndicators,
    exposure: source.exposure,
    reliability: source.reliability,
    maxTlp: source.maxTlp,
    strip: source.strip,
    hosts: source.hosts,
    secrets: source.secretSlots,
    config: source.config,
    timeout: source.timeoutMs,
    cache: manifestCacheOf(source.cacheLifetimes),
    quota: source.quota,
    callsPerLookup: source.callsPerLookup,
    limitMode: source.limitMode,
    limitWait: source.limitWaitMs,
    tags: source.tags,
    url: source.url,
  });
  return { code: source.code, manifest };
}

/** The source's values of settings, without those that the manifest no longer has room for. */
export function fittingValues({ config }: SourceManifest, source: Source | null): Source["configValues"] {
  const values = source?.configValues ?? {};
  const unfit = new Set(configValueProblems(config, values).map(({ name }) => name));
  return Object.fromEntries(Object.entries(values).filter(([name]) => !unfit.has(name)));
}

export function languageOf(manifest: SourceManifest): Language {
  return manifest.language === "python" ? "PYTHON" : "JAVASCRIPT";
}

/** A manifest is valid by itself; that its provider exists is known here only. */
export function providerProblems(
  { manifest, positionOf }: ManifestReading<SourceManifest>,
  providers: readonly Provider[],
): DraftProblem[] {
  if (manifest === undefined || providers.some(({ slug }) => slug === manifest.provider)) return [];
  const known = providers.map(({ slug }) => slug).join(", ");
  const message = `"${manifest.provider}" is no provider here. Take one of ${known}.`;
  return [{ file: "manifest", severity: "error", field: "provider", message, ...positionOf(["provider"]) }];
}

const manifestNames: Readonly<Record<string, string>> = {
  supportedIndicators: "indicators",
  secretSlots: "secrets",
  timeoutMs: "timeout",
  cacheLifetimes: "cache",
  limitWaitMs: "limitWait",
  providerId: "provider",
};

/** What the server refused, at the place in the draft where it stands. */
export function refusedProblems(
  errors: readonly FieldError[],
  { positionOf }: Pick<ManifestReading<SourceManifest>, "positionOf">,
): DraftProblem[] {
  return errors.flatMap(({ field, message, line, column }): DraftProblem[] => {
    const [body, name = "", ...rest] = field.split(/[.[\]]+/).filter((part) => part !== "");
    if (body !== "body" || name === "" || name === "versionId") return [];
    if (name === "code") {
      return [{ file: "code", severity: "error", field: null, message, line: line ?? null, column: column ?? null }];
    }
    const path = [manifestNames[name] ?? name, ...rest];
    return [{ file: "manifest", severity: "error", field: path.join("."), message, ...positionOf(path) }];
  });
}

/** All that a run of the draft needs beside the indicator. */
export type Tryable = Omit<SourceTestInput, "data" | "kind"> & Pick<SourceManifest, "name" | "indicators">;

export function tryableOf(draft: Draft, manifest: SourceManifest, source: Source | null): Tryable {
  return {
    name: manifest.name,
    indicators: manifest.indicators,
    language: source?.language ?? languageOf(manifest),
    code: draft.code,
    hosts: manifest.hosts,
    secretSlots: manifest.secrets,
    strip: manifest.strip,
    config: manifest.config,
    configValues: fittingValues(manifest, source),
    timeoutMs: manifest.timeout,
    ...(source !== null && { sourceId: source.id }),
  };
}
