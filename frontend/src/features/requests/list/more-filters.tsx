import { Outcome } from "@assay/contract";
import { useQuery } from "@tanstack/react-query";
import { meQuery } from "../../../api/auth.ts";
import type { LookupFilter } from "../../../api/requests.ts";
import { sourcesQuery } from "../../../api/sources.ts";
import { dayMs, dayOf, startOf } from "../../../components/day.ts";
import { Field } from "../../../components/field.tsx";
import { Input, Select } from "../../../components/input.tsx";

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
  return (
    <>
      <Field label="Source">
        {(control) => (
          <Select
            {...control}
            value={filter.sourceId ?? ""}
            onChange={(event) => onFilter({ ...filter, sourceId: event.target.value || undefined })}
          >
            <option value="">Any</option>
            {sources.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Source came to">
        {(control) => (
          <Select
            {...control}
            value={filter.outcome ?? ""}
            onChange={(event) =>
              onFilter({ ...filter, outcome: Outcome.options.find((word) => word === event.target.value) })
            }
          >
            <option value="">Any answer</option>
            {Outcome.options.map((word) => (
              <option key={word} value={word}>
                {outcomeWords[word]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="By">
        {(control) => (
          <Select
            {...control}
            value={filter.userId ?? ""}
            onChange={(event) => onFilter({ ...filter, userId: event.target.value || undefined })}
          >
            <option value="">Anybody</option>
            {me && <option value={me.id}>Me</option>}
            {filter.userId !== undefined && filter.userId !== me?.id && (
              <option value={filter.userId}>{filter.userId}</option>
            )}
          </Select>
        )}
      </Field>
      <Field label="From">
        {(control) => (
          <Input
            {...control}
            type="date"
            value={dayOf(filter.from)}
            onChange={(event) => onFilter({ ...filter, from: startOf(event.target.value) })}
          />
        )}
      </Field>
      <Field label="Up to">
        {(control) => (
          <Input
            {...control}
            type="date"
            value={dayOf(filter.to, -1)}
            onChange={(event) => onFilter({ ...filter, to: startOf(event.target.value, dayMs) })}
          />
        )}
      </Field>
    </>
  );
}
