import { indicatorKinds } from "@assay/indicators";
import { Field } from "../../components/field.tsx";
import { Input, Select } from "../../components/input.tsx";
import type { SourceFilter } from "./filter-sources.ts";
import styles from "./source-filters.module.css";

interface SourceFiltersProps {
  readonly filter: SourceFilter;
  readonly narrow: boolean;
  readonly onFilter: (filter: SourceFilter) => void;
}

export function SourceFilters({ filter, narrow, onFilter }: SourceFiltersProps) {
  return (
    <div
      role="search"
      aria-label="Filter sources"
      className={[styles["filters"], narrow ? styles["narrow"] : ""].join(" ")}
    >
      <Field label="Name, provider or tag">
        {(control) => (
          <Input
            {...control}
            type="search"
            defaultValue={filter.q ?? ""}
            onChange={(event) => onFilter({ ...filter, q: event.target.value })}
          />
        )}
      </Field>
      <Field label="Takes">
        {(control) => (
          <Select
            {...control}
            value={filter.kind ?? ""}
            onChange={(event) =>
              onFilter({ ...filter, kind: indicatorKinds.find((info) => info.kind === event.target.value)?.kind })
            }
          >
            <option value="">Any kind</option>
            {indicatorKinds.map((info) => (
              <option key={info.kind} value={info.kind}>
                {info.label}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </div>
  );
}
