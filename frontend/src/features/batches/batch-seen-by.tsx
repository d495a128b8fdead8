import type { Batch } from "@assay/contract";
import { useQuery } from "@tanstack/react-query";
import { meQuery } from "../../api/auth.ts";
import { VisibilityMenu } from "../../components/visibility-menu.tsx";
import { useSetBatchVisibility } from "./use-change-batch.ts";

/** Who sees the batch and its lookups, and the way to open or close them while it does not run. */
export function BatchSeenBy({ batch, mayChange }: { readonly batch: Batch; readonly mayChange: boolean }) {
  const { id, userId, visibility, tlp, status, counts } = batch;
  const me = useQuery(meQuery);
  const change = useSetBatchVisibility(id);
  const isOwn = me.data?.user.id === userId;
  const isIdle = status !== "running" && counts.running === 0;
  const onChange = mayChange && tlp !== "RED" && isIdle ? change.mutate : null;
  return <VisibilityMenu visibility={visibility} isOwn={isOwn} onChange={onChange} busy={change.isPending} />;
}
