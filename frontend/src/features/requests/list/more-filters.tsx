import { Outcome } from "@assay/contract";
import { useQuery } from "@tanstack/react-query";
import { meQuery } from "../../../api/auth.ts";
import type { LookupFilter } from "../../../api/requests.ts";
import { sourcesQuery } from "../../../api/sources.ts";
import { DayRangeFields } from "../../../components/day-range-fields.tsx";
import { SelectField } from "../../../components/select-field.tsx";

interface MoreFiltersProps {
  readonly filter: LookupFilter;
  readonly onFilter: (filter: LookupFilter) => void;
}

/** What is behind "More filters". */
export const moreNames = ["sourceId", "outcome", "userId", "from", "to"] as const;

const outcomeWords: Readonly<Record<Outcome, string>> = {
  ok: "Answered",
  not_found: "Had no record",
  skipped: "Was skipped",
  failed: "Failed",
};

export function MoreFilters({ filter, onFilter }: MoreFiltersProps) {
  const sources = useQuery(sourcesQuery).data ?? [];
  const me = useQuery(meQuery).data?.user;
  const people = [...new Set([me?.id, filter.userId].filter((id) => id !== undefined))];
  return (
    <>
      <SelectField
        label="Source"
        none="Any"
        options={sources.map(({ id }) => id)}
        words={Object.fromEntries(sources.map(({ id, name }) => [id, name]))}
        value={filter.sourceId}
        onChoose={(sourceId) => onFilter({ ...filter, sourceId })}
      />
      <SelectField
        label="Source came to"
        none="Any answer"
        options={Outcome.options}
        words={outcomeWords}
        value={filter.outcome}
        onChoose={(outcome) => onFilter({ ...filter, outcome })}
      />
      <SelectField
        label="By"
        none="Anybody"
        options={people}
        words={(id) => (id === me?.id ? "Me" : id)}
        value={filter.userId}
        onChoose={(userId) => onFilter({ ...filter, userId })}
      />
      <DayRangeFields range={filter} onChange={(change) => onFilter({ ...filter, ...change })} />
    </>
  );
}
