import type { AuditEvent } from "@assay/contract";
import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { EmptyState } from "../../components/empty-state.tsx";
import { LoadMore } from "../../components/load-more.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { EventRow } from "./event-row.tsx";
import styles from "./event-list.module.css";

interface EventListProps {
  readonly query: UseInfiniteQueryResult<{ pages: { items: AuditEvent[] }[] }>;
  readonly selectedId: string | undefined;
  readonly unfolds: boolean;
  readonly onSelect: (id: string | undefined) => void;
  readonly onFilter: (filter: { actorId?: string; objectId?: string; objectType?: string }) => void;
}

export function EventList({ query, selectedId, unfolds, onSelect, onFilter }: EventListProps) {
  if (query.isError && query.data === undefined) {
    return <ProblemNotice error={query.error} title="Events cannot be listed" onRetry={() => void query.refetch()} />;
  }
  const events = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className={styles["list"]}>
      {query.isPending && <SkeletonRows count={10} label="Loading events" />}
      {query.isSuccess && events.length === 0 && (
        <EmptyState title="No event fits">
          <p>Clear one of the filters. Events that are older than the server keeps them are gone.</p>
        </EmptyState>
      )}
      <ul aria-label="Events">
        {events.map((event) => (
          <EventRow
            key={event.id}
            event={event}
            selected={event.id === selectedId}
            unfolds={unfolds}
            onSelect={() => onSelect(event.id === selectedId ? undefined : event.id)}
            onFilter={onFilter}
          />
        ))}
      </ul>
      <LoadMore query={query} />
    </div>
  );
}
