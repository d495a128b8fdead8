import type { Coverage } from "@assay/contract";

/** "9 asked · 4 answered · 2 no record · 2 failed · 1 skipped"; what is none is left out. */
export function coverageParts(
  coverage: Coverage,
): { count: number; word: string; mark: "none" | "not_found" | "failed" | "skipped" | null }[] {
  const parts = [
    { count: coverage.asked, word: "asked", mark: null },
    { count: coverage.answered, word: "answered", mark: "none" as const },
    { count: coverage.noRecord, word: "no record", mark: "not_found" as const },
    { count: coverage.failed, word: "failed", mark: "failed" as const },
    { count: coverage.skipped, word: "skipped", mark: "skipped" as const },
  ];
  return parts.filter((part) => part.count > 0 || part.word === "asked" || part.word === "answered");
}

export function coverageWords(coverage: Coverage): string {
  return coverageParts(coverage)
    .map((part) => `${part.count} ${part.word}`)
    .join(" · ");
}

/** How many sources are still out. */
export function outCount(coverage: Coverage): number {
  return Math.max(0, coverage.asked - coverage.answered - coverage.noRecord - coverage.failed - coverage.skipped);
}
