import type { Batch } from "@assay/contract";
import { indicatorKindInfo } from "@assay/indicators";
import { useQuery } from "@tanstack/react-query";
import { batchForecastQuery } from "../../api/batches.ts";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { QuotaLeft } from "../../components/quota-left.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { Notice } from "../../components/notice.tsx";
import { count, counted } from "./batch-words.ts";
import styles from "./batch-forecast.module.css";

/** What a batch would do, before anything is asked. */
export function BatchForecast({ batch }: { readonly batch: Batch }) {
  const query = useQuery(batchForecastQuery(batch.id));
  const { input, counts } = batch;
  const kinds = Object.entries(batch.kinds).toSorted(([, a], [, b]) => b - a);
  return (
    <section className={styles["forecast"]} aria-label="Forecast">
      <h2>What it would do</h2>
      <dl className={styles["facts"]}>
        <Fact name="Found" words={counted(input.found, "indicator")} />
        <Fact name="Duplicates" words={`${count(input.duplicates)} left out`} />
        <Fact name="Ignored" words={`${count(counts.ignored)} on known-good lists`} />
        <Fact name="To look up" words={counted(counts.total - counts.ignored, "indicator")} strong />
        {query.data && (
          <Fact name="Seen before" words={`${count(query.data.seen.count)} in the last ${query.data.seen.days} days`} />
        )}
      </dl>
      <div className={styles["columns"]}>
        <div>
          <h3>By kind</h3>
          <ul className={styles["rows"]}>
            {kinds.map(([kind, number]) => (
              <li key={kind}>
                <span>{indicatorKindInfo(kind as keyof Batch["kinds"]).label}</span>
                <span>{count(number)}</span>
              </li>
            ))}
          </ul>
        </div>
        <div>
          <h3>Lookups for each source, at the most</h3>
          {query.isPending && <SkeletonRows count={4} label="Counting" />}
          {query.isError && <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />}
          <ul className={styles["rows"]}>
            {query.data?.sources.map(({ source, lookups, calls, quota }) => (
              <li key={source.id}>
                <span>{source.name}</span>
                <span>
                  {count(lookups)}
                  {calls !== lookups && ` (${counted(calls, "call")})`} <QuotaLeft quota={quota} calls={calls} />
                </span>
              </li>
            ))}
          </ul>
        </div>
      </div>
      {query.data !== undefined && query.data.unasked > 0 && (
        <Notice tone="warning" title={`No source can be asked about ${counted(query.data.unasked, "indicator")}`}>
          <p>None that is on takes their kind under this TLP and PAP. They will be unknown.</p>
        </Notice>
      )}
    </section>
  );
}

function Fact({
  name,
  words,
  strong = false,
}: {
  readonly name: string;
  readonly words: string;
  readonly strong?: boolean;
}) {
  return (
    <div className={strong ? styles["strong"] : undefined}>
      <dt>{name}</dt>
      <dd>{words}</dd>
    </div>
  );
}
