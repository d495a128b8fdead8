import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { requestDiffQuery } from "../../api/requests.ts";
import { HeadedPage } from "../../components/page.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { LookupComparison } from "../../features/requests/compare/lookup-comparison.tsx";
import { LookupSkeleton } from "../../features/requests/lookup/lookup-skeleton.tsx";

/** Two lookups of one indicator, side by side. */
export function ComparePage() {
  const { id, otherId } = useParams({ from: "/signed-in/lookups/$id/compare/$otherId" });
  const diff = useQuery(requestDiffQuery(id, otherId));
  return (
    <HeadedPage title="What changed">
      {diff.isError && (
        <ProblemNotice error={diff.error} title="They cannot be compared" onRetry={() => void diff.refetch()} />
      )}
      {diff.isPending && <LookupSkeleton />}
      {diff.isSuccess && <LookupComparison diff={diff.data} />}
    </HeadedPage>
  );
}
