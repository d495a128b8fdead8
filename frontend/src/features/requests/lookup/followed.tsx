import type { RelatedRequests, RequestSummary } from "@assay/contract";
import { useQueryClient } from "@tanstack/react-query";
import { Square } from "lucide-react";
import { useEffect } from "react";
import { useMay } from "../../../api/auth.ts";
import { requestKeys } from "../../../api/requests.ts";
import { Button } from "../../../components/button.tsx";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { Skeleton } from "../../../components/skeleton.tsx";
import { ended } from "../view/lookup-view.ts";
import { followedWords } from "../view/followed-words.ts";
import { isFollowed, useRelated } from "../view/use-related.ts";
import { FollowedTree } from "./followed-tree.tsx";
import { useCancelLookup } from "./use-cancel-lookup.ts";
import styles from "./followed.module.css";

/** What has been looked up because the answers point to it, as a tree with the verdict of each. */
export function Followed({ request }: { readonly request: RequestSummary }) {
  const query = useRelated(request);
  const queries = useQueryClient();
  const came = query.data?.items.filter(ended).length ?? 0;
  // Each that has ended is something more that is known of what the answers point to.
  useEffect(() => {
    if (came > 0) void queries.invalidateQueries({ queryKey: requestKeys.known });
  }, [queries, came]);
  if (!isFollowed(request)) return null;
  return (
    <article className={styles["panel"]} aria-label="Followed">
      {query.isError && <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Skeleton height="48px" />}
      {query.isSuccess && <Known request={request} related={query.data} />}
    </article>
  );
}

function Known({ request, related }: { readonly request: RequestSummary; readonly related: RelatedRequests }) {
  const mayRun = useMay("requests:run");
  const stop = useCancelLookup(request.id);
  const { items, complete } = related;
  const isFull = request.followUp?.rootId === request.id && items.length >= request.followUp.most;
  return (
    <>
      <div className={styles["head"]}>
        <h3>{followedWords(related)}</h3>
        {!complete && ended(request) && mayRun && (
          <Button
            size="s"
            variant="danger"
            icon={<Square size={12} aria-hidden />}
            busy={stop.isPending}
            onClick={() => stop.mutate()}
          >
            Stop
          </Button>
        )}
      </div>
      <FollowedTree items={items} parentId={request.id} />
      {isFull && (
        <p className={styles["quiet"]}>More is not followed: {request.followUp?.most} were wished for at most.</p>
      )}
    </>
  );
}
