import type { Retention } from "@assay/contract";
import { useQuery } from "@tanstack/react-query";
import { bytesWords } from "../../components/bytes.ts";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { retentionQuery } from "./config-queries.ts";
import { dueWords } from "./retention-words.ts";
import styles from "./retention-now.module.css";

/** How much lookups take up, and what the settings below would delete now. */
export function RetentionNow() {
  const query = useQuery(retentionQuery);
  if (query.isError) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <SkeletonRows count={1} label="Measuring lookups" />;
  return <Now retention={query.data} />;
}

function Now({ retention }: { readonly retention: Retention }) {
  const { usedBytes, diskBytes, limitBytes, oldestAt } = retention;
  const due = dueWords(retention.due);
  return (
    <dl className={styles["now"]} aria-label="Lookups in the database">
      <div>
        <dt>Lookups take up</dt>
        <dd>
          {bytesWords(usedBytes)}
          {limitBytes !== null && ` of ${bytesWords(limitBytes)}`}
        </dd>
      </div>
      <div>
        <dt>Their tables on disk</dt>
        <dd>{bytesWords(diskBytes)}</dd>
      </div>
      <div>
        <dt>Oldest lookup</dt>
        <dd>{oldestAt === null ? "none" : <TimeAgo time={oldestAt} />}</dd>
      </div>
      <div>
        <dt>Deleted within the hour</dt>
        <dd>{due.length === 0 ? "nothing" : due.join(", ")}</dd>
      </div>
    </dl>
  );
}
