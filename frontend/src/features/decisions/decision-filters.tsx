import { type DecisionFilter, DecisionStatus, DecisionWord } from "@assay/contract";
import { FilterForm, isNarrowed } from "../../components/filter-form.tsx";
import { SelectField } from "../../components/select-field.tsx";
import { statusWords, wordWords } from "./decision-words.ts";

interface DecisionFiltersProps {
  readonly filter: DecisionFilter;
  readonly onFilter: (filter: DecisionFilter) => void;
}

/** What the list is narrowed to. */
export function DecisionFilters({ filter, onFilter }: DecisionFiltersProps) {
  return (
    <FilterForm
      label="Filter decisions"
      search={{
        label: "Indicator",
        text: filter.data ?? filter.prefix ?? "",
        placeholder: "Begins with; Enter to apply",
        mono: true,
        onSearch: (text) => onFilter({ ...filter, data: undefined, kind: undefined, prefix: text || undefined }),
      }}
      narrowed={isNarrowed(filter)}
      onClear={() => onFilter({})}
    >
      <SelectField
        label="Decided"
        none="Anything"
        options={DecisionWord.options}
        words={wordWords}
        value={filter.verdict}
        onChoose={(verdict) => onFilter({ ...filter, verdict })}
      />
      <SelectField
        label="Standing"
        none="Any"
        options={DecisionStatus.options}
        words={statusWords}
        value={filter.status}
        onChoose={(status) => onFilter({ ...filter, status })}
      />
    </FilterForm>
  );
}
