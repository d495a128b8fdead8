import { useState } from "react";
import filters from "../../components/filters.module.css";
import { KindField } from "../../components/kind-field.tsx";
import { SearchField } from "../../components/search-field.tsx";
import type { SourceFilter } from "./filter-sources.ts";

interface SourceFiltersProps {
  readonly filter: SourceFilter;
  readonly onFilter: (filter: SourceFilter) => void;
}

export function SourceFilters({ filter, onFilter }: SourceFiltersProps) {
  // The address follows what is typed; it does not lead it.
  const [text, setText] = useState(filter.q ?? "");
  const type = (typed: string): void => {
    setText(typed);
    onFilter({ ...filter, q: typed || undefined });
  };
  return (
    <div role="search" aria-label="Filter sources" className={filters["filters"]}>
      <div className={filters["text"]}>
        <SearchField label="Name, provider or tag" text={text} onText={type} />
      </div>
      <KindField label="Takes" none="Any kind" value={filter.kind} onChoose={(kind) => onFilter({ ...filter, kind })} />
    </div>
  );
}
