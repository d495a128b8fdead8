import type { Batch } from "@assay/contract";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { batchDroppedQuery } from "../../api/batches.ts";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { count } from "./batch-words.ts";
import styles from "./batch-dropped.module.css";

/** What was not taken for an indicator, and why; read when it is opened. */
export function BatchDropped({ batch }: { readonly batch: Batch }) {
  const [open, setOpen] = useState(false);
  const query = useQuery({ ...batchDroppedQuery(batch.id), enabled: open });
  if (batch.input.dropped === 0) return null;
  return (
    <details className={styles["dropped"]} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{count(batch.input.dropped)} not taken for indicators</summary>
      {query.isPending && open && <SkeletonRows count={3} label="Loading what was not taken" />}
      {query.isError && <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />}
      <ul className={styles["list"]} aria-label="Not taken">
        {query.data?.items.map(({ raw, reason }, index) => (
          <li key={index}>
            <code>{raw}</code>
            <span>{reason}</span>
          </li>
        ))}
      </ul>
      {query.data !== undefined && query.data.more > 0 && <p>{count(query.data.more)} more were not kept.</p>}
    </details>
  );
}
