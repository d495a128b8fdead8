import type { IndicatorKind, SourceSummary } from "@assay/contract";

export interface SourceFilter {
  readonly q?: string | undefined;
  readonly kind?: IndicatorKind | undefined;
}

/** Sources whose name, provider or tags hold every word, and that take the kind. */
export function filterSources(sources: readonly SourceSummary[], { q, kind }: SourceFilter): SourceSummary[] {
  const words = (q ?? "")
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  return sources.filter((source) => {
    const text = [source.name, source.slug, source.provider.name, ...source.tags].join(" ").toLowerCase();
    return (
      (kind === undefined || source.supportedIndicators.includes(kind)) && words.every((word) => text.includes(word))
    );
  });
}
