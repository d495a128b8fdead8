import type { RequestSummary } from "@assay/contract";
import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { RowList, rowsOf } from "../../../components/row-list.tsx";
import { LookupRow } from "./lookup-row.tsx";

interface LookupListProps {
  readonly query: UseInfiniteQueryResult<{ pages: { items: RequestSummary[] }[] }>;
  readonly selectedId: string | undefined;
  readonly onPeek: ((id: string) => void) | undefined;
  /** What stands there when nothing is found. */
  readonly empty: ReactNode;
}

export function LookupList({ query, selectedId, onPeek, empty }: LookupListProps) {
  return (
    <RowList noun="lookups" query={query} rows={rowsOf(query)} loadingCount={10} empty={empty}>
      {(request) => (
        <LookupRow key={request.id} request={request} selected={request.id === selectedId} onPeek={onPeek} />
      )}
    </RowList>
  );
}
