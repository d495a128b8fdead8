import type { EventFilter } from "@assay/contract";
import { DayRangeFields } from "../../components/day-range-fields.tsx";
import { FilterForm, isNarrowed } from "../../components/filter-form.tsx";
import { SelectField } from "../../components/select-field.tsx";
import { actorTypeWords, nounWords } from "./event-words.ts";

interface EventFiltersProps {
  readonly filter: EventFilter;
  readonly onFilter: (filter: EventFilter) => void;
}

const actorTypes = Object.keys(actorTypeWords) as (keyof typeof actorTypeWords)[];

/** What the list is narrowed to. */
export function EventFilters({ filter, onFilter }: EventFiltersProps) {
  // An address may name one action where the select has nouns.
  const nouns = new Set([...Object.keys(nounWords), ...(filter.action === undefined ? [] : [filter.action])]);
  return (
    <FilterForm
      label="Filter events"
      search={{
        label: "Text",
        text: filter.text ?? "",
        placeholder: "A name, an id, an address; Enter to apply",
        onSearch: (text) => onFilter({ ...filter, text: text || undefined }),
      }}
      narrowed={isNarrowed(filter)}
      onClear={() => onFilter({})}
    >
      <SelectField
        label="About"
        none="Anything"
        options={[...nouns]}
        words={nounWords}
        value={filter.action}
        onChoose={(action) => onFilter({ ...filter, action })}
      />
      <SelectField
        label="By"
        none="Anybody"
        options={actorTypes}
        words={actorTypeWords}
        value={filter.actorType}
        onChoose={(actorType) => onFilter({ ...filter, actorType })}
      />
      <DayRangeFields range={filter} onChange={(change) => onFilter({ ...filter, ...change })} />
    </FilterForm>
  );
}
