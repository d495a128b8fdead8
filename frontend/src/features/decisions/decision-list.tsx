import type { DecisionFilter } from "@assay/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useMay } from "../../api/auth.ts";
import { decisionsQuery } from "../../api/decisions.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import { isNarrowed } from "../../components/filter-form.tsx";
import { ModalButton } from "../../components/modal-button.tsx";
import { Notice } from "../../components/notice.tsx";
import { RowList, rowsOf } from "../../components/row-list.tsx";
import { DecisionFilters } from "./decision-filters.tsx";
import { DecisionForm } from "./decision-form.tsx";
import { DecisionRow } from "./decision-row.tsx";

interface DecisionListProps {
  readonly filter: DecisionFilter;
  readonly onFilter: (filter: DecisionFilter) => void;
}

/** Every decision: find, change, withdraw. */
export function DecisionList({ filter, onFilter }: DecisionListProps) {
  const mayRead = useMay("decisions:read");
  const mayWrite = useMay("decisions:write");
  const query = useInfiniteQuery({ ...decisionsQuery(filter), enabled: mayRead });
  if (!mayRead) {
    return (
      <Notice tone="info" title="You may not see decisions">
        <p>Whoever may read lookups may see them. Ask an administrator for the role of a viewer.</p>
      </Notice>
    );
  }
  return (
    <>
      <DecisionFilters filter={filter} onFilter={onFilter} />
      <RowList
        noun="decisions"
        query={query}
        rows={rowsOf(query)}
        empty={
          isNarrowed(filter) ? (
            <EmptyState title="No such decision">
              <p>No decision fits the filter.</p>
            </EmptyState>
          ) : (
            <EmptyState title="Nothing has been decided yet">
              <p>Decide on a lookup’s page, or here, where you know better than the sources.</p>
            </EmptyState>
          )
        }
      >
        {(decision) => <DecisionRow key={decision.id} decision={decision} mayWrite={mayWrite} />}
      </RowList>
    </>
  );
}

/** Decides about an indicator that is named. */
export function NewDecision() {
  if (!useMay("decisions:write")) return null;
  return (
    <ModalButton variant="primary" icon={<Plus size={16} aria-hidden />} label="New decision">
      {(close) => <DecisionForm onDone={close} />}
    </ModalButton>
  );
}
