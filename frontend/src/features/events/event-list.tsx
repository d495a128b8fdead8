import type { AuditEvent } from "@assay/contract";
import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { EmptyState } from "../../components/empty-state.tsx";
import { RowList, rowsOf } from "../../components/row-list.tsx";
import { EventRow } from "./event-row.tsx";

interface EventListProps {
  readonly query: UseInfiniteQueryResult<{ pages: { items: AuditEvent[] }[] }>;
  readonly selectedId: string | undefined;
  readonly unfolds: boolean;
  readonly onSelect: (id: string | undefined) => void;
  readonly onFilter: (filter: { actorId?: string; objectId?: string; objectType?: string }) => void;
}

export function EventList({ query, selectedId, unfolds, onSelect, onFilter }: EventListProps) {
  return (
    <RowList
      noun="events"
      query={query}
      rows={rowsOf(query)}
      loadingCount={10}
      empty={
        <EmptyState title="No event fits">
          <p>Clear one of the filters. Events that are older than the server keeps them are gone.</p>
        </EmptyState>
      }
    >
      {(event) => (
        <EventRow
          key={event.id}
          event={event}
          selected={event.id === selectedId}
          unfolds={unfolds}
          onSelect={() => onSelect(event.id === selectedId ? undefined : event.id)}
          onFilter={onFilter}
        />
      )}
    </RowList>
  );
}
