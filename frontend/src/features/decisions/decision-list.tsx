import type { DecisionFilter } from "@assay/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useMay } from "../../api/auth.ts";
import { decisionsQuery } from "../../api/decisions.ts";
import { Button } from "../../components/button.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { LoadMore } from "../../components/load-more.tsx";
import { Modal } from "../../components/modal.tsx";
import { Notice } from "../../components/notice.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import rows from "../../components/rows.module.css";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { DecisionFilters } from "./decision-filters.tsx";
import { DecisionForm } from "./decision-form.tsx";
import { DecisionRow } from "./decision-row.tsx";

interface DecisionListProps {
  readonly filter: DecisionFilter;
  readonly onFilter: (filter: DecisionFilter) => void;
}

/** Every decision: find, make, change, withdraw. */
export function DecisionList({ filter, onFilter }: DecisionListProps) {
  const mayRead = useMay("decisions:read");
  const mayWrite = useMay("decisions:write");
  const query = useInfiniteQuery({ ...decisionsQuery(filter), enabled: mayRead });
  const [making, setMaking] = useState(false);
  const decisions = query.data?.pages.flatMap((page) => page.items) ?? [];
  const narrowed = Object.values(filter).some((value) => value !== undefined);
  if (!mayRead) {
    return (
      <Notice tone="info" title="You may not see decisions">
        <p>Whoever may read lookups may see them. Ask an administrator for the role of a viewer.</p>
      </Notice>
    );
  }
  return (
    <div className={rows["section"]}>
      <div className={rows["head"]}>
        <DecisionFilters filter={filter} onFilter={onFilter} />
        {mayWrite && (
          <Button variant="primary" icon={<Plus size={16} aria-hidden />} onClick={() => setMaking(true)}>
            New decision
          </Button>
        )}
      </div>
      {query.isError && <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />}
      <div className={rows["list"]}>
        {query.isPending && <SkeletonRows count={4} label="Loading decisions" />}
        {query.isSuccess && decisions.length === 0 && (
          <EmptyState title={narrowed ? "No such decision" : "Nothing has been decided yet"}>
            <p>
              {narrowed
                ? "No decision fits the filter."
                : "Decide on a lookup’s page, or here, where you know better than the sources."}
            </p>
          </EmptyState>
        )}
        <ul aria-label="Decisions">
          {decisions.map((decision) => (
            <DecisionRow key={decision.id} decision={decision} mayWrite={mayWrite} />
          ))}
        </ul>
        <LoadMore query={query} />
      </div>
      <Modal open={making} onClose={() => setMaking(false)} title="New decision">
        <DecisionForm onDone={() => setMaking(false)} />
      </Modal>
    </div>
  );
}
