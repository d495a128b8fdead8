import type { ReactNode } from "react";
import { LoadMore } from "./load-more.tsx";
import { ProblemNotice } from "./problem-notice.tsx";
import rowStyles from "./rows.module.css";
import { SkeletonRows } from "./skeleton.tsx";

interface ListQuery {
  readonly isPending: boolean;
  readonly isSuccess: boolean;
  readonly isError: boolean;
  readonly error: Error | null;
  refetch(): unknown;
}

interface PagedQuery<Row> extends ListQuery {
  readonly data: { readonly pages: readonly { readonly items: readonly Row[] }[] } | undefined;
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  fetchNextPage(): unknown;
}

interface RowListProps<Row> {
  /** What the rows are, as within a sentence: "ignore lists". */
  readonly noun: string;
  readonly query: ListQuery | PagedQuery<Row>;
  readonly rows: readonly Row[];
  /** How many stand there while they are loading. */
  readonly loadingCount?: number;
  /** What stands there when there are none. */
  readonly empty?: ReactNode;
  readonly children: (row: Row) => ReactNode;
}

/** A list in its frame: that it is loading, its rows or that there are none, the way to more of them, and what went wrong. */
export function RowList<Row>({ noun, query, rows, loadingCount = 4, empty, children }: RowListProps<Row>) {
  const title = `${noun.slice(0, 1).toUpperCase()}${noun.slice(1)}`;
  return (
    <>
      {query.error && (
        <ProblemNotice error={query.error} title={`${title} cannot be listed`} onRetry={() => void query.refetch()} />
      )}
      {!(query.isError && rows.length === 0) && (
        <div className={rowStyles["list"]}>
          {query.isPending && <SkeletonRows count={loadingCount} label={`Loading ${noun}`} />}
          {query.isSuccess && rows.length === 0 && empty}
          <ul aria-label={title}>{rows.map(children)}</ul>
          {"hasNextPage" in query && <LoadMore query={query} />}
        </div>
      )}
    </>
  );
}

/** The rows of all pages that were read. */
export function rowsOf<Row>({ data }: Pick<PagedQuery<Row>, "data">): readonly Row[] {
  return data?.pages.flatMap((page) => page.items) ?? [];
}
