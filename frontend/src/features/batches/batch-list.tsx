import type { Batch } from "@assay/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Lock } from "lucide-react";
import { batchesQuery } from "../../api/batches.ts";
import { paths } from "../../api/paths.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import { RowList, rowsOf } from "../../components/row-list.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { count, counted, nameOf, statusWords } from "./batch-words.ts";
import { ProgressBar } from "./progress-bar.tsx";
import styles from "./batches.module.css";

/** Every batch that one may see, newest first. */
export function BatchList({ mayRun }: { readonly mayRun: boolean }) {
  const query = useInfiniteQuery(batchesQuery);
  return (
    <RowList
      noun="batches"
      query={query}
      rows={rowsOf(query)}
      loadingCount={6}
      empty={
        <EmptyState title="No batch yet">
          <p>
            {mayRun ? (
              <>
                <Link to={paths.batchNew}>Make one</Link> of a text, a list or a file with up to 100,000 indicators.
              </>
            ) : (
              "An analyst can make one of a text, a list or a file."
            )}
          </p>
        </EmptyState>
      }
    >
      {(batch) => <BatchRow key={batch.id} batch={batch} />}
    </RowList>
  );
}

function BatchRow({ batch }: { readonly batch: Batch }) {
  const { counts, verdicts } = batch;
  return (
    <li className={styles["item"]}>
      <Link to={paths.batch} params={{ id: batch.id }} className={styles["row"]}>
        <span className={styles["name"]}>
          {nameOf(batch)}
          {batch.visibility === "private" && <Lock size={13} aria-label="Private" />}
        </span>
        <span className={styles["bar"]}>
          <ProgressBar batch={batch} />
        </span>
        <span className={styles["aside"]}>
          {statusWords[batch.status]}, {count(counts.done + counts.failed)} of{" "}
          {counted(counts.total - counts.ignored, "lookup")}
        </span>
        <span className={[styles["aside"], verdicts.malicious > 0 ? styles["malicious"] : ""].join(" ")}>
          {count(verdicts.malicious)} malicious
        </span>
        <span className={styles["time"]}>
          <TimeAgo time={batch.createdAt} />
        </span>
      </Link>
    </li>
  );
}
