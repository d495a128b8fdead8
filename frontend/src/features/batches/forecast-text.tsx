import type { BatchForecast } from "@assay/contract";
import type { UseQueryResult } from "@tanstack/react-query";
import { Button } from "../../components/button.tsx";
import { Notice } from "../../components/notice.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { counted } from "./batch-words.ts";
import styles from "./batch-forecast.module.css";

/** A forecast in a sentence, and what is to be known of it. */
export function ForecastText({ query }: { readonly query: UseQueryResult<BatchForecast> }) {
  const { data, isPending, isError, isFetching, error, refetch } = query;
  const again = (): void => void refetch();
  return (
    <>
      {isPending && (
        <p className={styles["text"]} role="status" aria-label="Looking what is cached">
          <Skeleton width="min(100%, 480px)" />
        </p>
      )}
      {isError && <ProblemNotice error={error} title="There is no forecast" onRetry={again} />}
      {data && <p className={styles["text"]}>{data.text}.</p>}
      {data?.cached === null && (
        <Notice
          tone="warning"
          title="The cache could not be read"
          action={
            <Button size="s" busy={isFetching} onClick={again}>
              Look again
            </Button>
          }
        >
          <p>These are the most calls that there may be. What is cached when it runs will not be asked.</p>
        </Notice>
      )}
      {data !== undefined && data.unasked > 0 && (
        <Notice tone="warning" title={`No source can be asked about ${counted(data.unasked, "indicator")}`}>
          <p>None that is on takes their kind under this TLP and PAP. They will be unknown.</p>
        </Notice>
      )}
    </>
  );
}
