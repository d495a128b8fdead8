import { ApiError, type Language, type Provider, type SourceManifest } from "@assay/contract";
import type { ManifestReading } from "@assay/contract/manifest-text";
import { useMemo } from "react";
import { type Draft, type DraftProblem, providerProblems, refusedProblems } from "./draft.ts";
import { countWords } from "./problem-list.tsx";
import { useCheckDraft } from "./use-check-draft.ts";

/** All that is known to be wrong: what the compiler and the manifest's reader say, and what the last save was refused for. */
export function useDraftProblems(
  language: Language,
  draft: Draft,
  reading: ManifestReading<SourceManifest>,
  providers: readonly Provider[],
  refusal: Error | null,
): { readonly problems: readonly DraftProblem[]; readonly status: string } {
  const check = useCheckDraft(language, draft);
  const found = check.problems;
  const problems = useMemo(() => {
    const errors = refusal instanceof ApiError ? (refusal.problem.errors ?? []) : [];
    const all = [...found, ...providerProblems(reading, providers), ...refusedProblems(errors, reading)];
    const isFirst = (one: DraftProblem, at: number): boolean =>
      all.findIndex((other) => JSON.stringify(other) === JSON.stringify(one)) === at;
    return all.filter(isFirst).toSorted((a, b) => a.file.localeCompare(b.file) || (a.line ?? 0) - (b.line ?? 0));
  }, [found, reading, providers, refusal]);
  const words = countWords(problems);
  const status = {
    checking: "Checking …",
    checked: words,
    failed: `It could not be checked: ${check.error?.message ?? "the server did not say why"}`,
  }[check.state];
  return { problems, status };
}
