import type { PrunedAnswers } from "@assay/contract";
import { Notice } from "../../../components/notice.tsx";
import { dateOnly } from "../../../components/time.ts";

/** Why a lookup that has ended has fewer answers than it asked. */
export function PrunedNotice({ pruned: { count, at } }: { readonly pruned: PrunedAnswers }) {
  const what = count === 1 ? "1 answer was" : `${count} answers were`;
  return (
    <Notice tone="info" title={`${what} deleted by retention on ${dateOnly(at)}`}>
      <p>The verdict and the counts below are from when all of them were there.</p>
    </Notice>
  );
}
