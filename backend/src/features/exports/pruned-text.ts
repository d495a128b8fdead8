import type { PrunedAnswers } from "@assay/contract";

/** Why answers are missing from a lookup. */
export function prunedText({ count, at }: PrunedAnswers): string {
  const what = count === 1 ? "1 answer was" : `${count} answers were`;
  return `${what} deleted by retention, last on ${at.slice(0, 10)}; the verdict was made with all of them`;
}
