import type { RequestSummary } from "@assay/contract";
import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { LoadMore } from "../../../components/load-more.tsx";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { SkeletonRows } from "../../../components/skeleton.tsx";
import { LookupRow } from "./lookup-row.tsx";
import styles from "./lookup-list.module.css";

interface LookupListProps {
  readonly query: UseInfiniteQueryResult<{ pages: { items: RequestSummary[] }[] }>;
  readonly selectedId: string | undefined;
  readonly onPeek: ((id: string) => void) | undefined;
  /** What stands there when nothing is found. */
  readonly empty: ReactNode;
}

export function LookupList({ query, selectedId, onPeek, empty }: LookupListProps) {
  if (query.isError && query.data === undefined) {
    return <ProblemNotice error={query.error} title="Lookups cannot be listed" onRetry={() => void query.refetch()} />;
  }
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className={styles["list"]}>
      {query.isPending && <SkeletonRows count={10} label="Loading lookups" />}
      {query.isSuccess && rows.length === 0 && empty}
      <ul aria-label="Lookups">
        {rows.map((request) => (
          <LookupRow key={request.id} request={request} selected={request.id === selectedId} onPeek={onPeek} />
        ))}
      </ul>
      <LoadMore query={query} />
    </div>
  );
}
