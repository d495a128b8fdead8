import { type RequestStatus, VerdictWord } from "@assay/contract";
import { indicatorKinds } from "@assay/indicators";
import { type FormEvent, useState } from "react";
import type { LookupFilter } from "../../../api/requests.ts";
import { Button } from "../../../components/button.tsx";
import { Field } from "../../../components/field.tsx";
import { Input, Select } from "../../../components/input.tsx";
import { markWords } from "../../../components/mark.tsx";
import { loadReader } from "../reading/reader.ts";
import styles from "./lookup-filters.module.css";

interface LookupFiltersProps {
  readonly filter: LookupFilter;
  readonly onFilter: (filter: LookupFilter) => void;
}

const statusWords: Readonly<Record<RequestStatus, string>> = {
  running: "Running",
  completed: "Completed",
  cancelled: "Cancelled",
  expired: "Deadline passed",
};

/** What the list is narrowed to. The indicator is matched whole, in any way of writing it. */
export function LookupFilters({ filter, onFilter }: LookupFiltersProps) {
  const [text, setText] = useState(filter.data ?? "");
  const apply = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const data = await storedForm(text, filter);
    onFilter({ ...filter, data: data === "" ? undefined : data });
  };
  const some = Object.values(filter).some((value) => value !== undefined);
  return (
    <form className={styles["filters"]} onSubmit={(event) => void apply(event)} aria-label="Filter lookups">
      <div className={styles["data"]}>
        <Field label="Indicator, exactly">
          {(control) => (
            <Input
              {...control}
              mono
              type="search"
              value={text}
              placeholder="Enter to apply"
              onChange={(event) => {
                setText(event.target.value);
                if (event.target.value === "") onFilter({ ...filter, data: undefined });
              }}
              autoCapitalize="none"
              spellCheck={false}
            />
          )}
        </Field>
      </div>
      <Field label="Verdict">
        {(control) => (
          <Select
            {...control}
            value={filter.verdict ?? ""}
            onChange={(event) =>
              onFilter({ ...filter, verdict: VerdictWord.options.find((word) => word === event.target.value) })
            }
          >
            <option value="">Any</option>
            {VerdictWord.options.map((word) => (
              <option key={word} value={word}>
                {markWords[word]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Kind">
        {(control) => (
          <Select
            {...control}
            value={filter.kind ?? ""}
            onChange={(event) =>
              onFilter({ ...filter, kind: indicatorKinds.find((info) => info.kind === event.target.value)?.kind })
            }
          >
            <option value="">Any</option>
            {indicatorKinds.map((info) => (
              <option key={info.kind} value={info.kind}>
                {info.label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Status">
        {(control) => (
          <Select
            {...control}
            value={filter.status ?? ""}
            onChange={(event) =>
              onFilter({ ...filter, status: statuses.find((status) => status === event.target.value) })
            }
          >
            <option value="">Any</option>
            {statuses.map((status) => (
              <option key={status} value={status}>
                {statusWords[status]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Button
        variant="plain"
        disabled={!some}
        onClick={() => {
          setText("");
          onFilter({});
        }}
      >
        Clear
      </Button>
    </form>
  );
}

const statuses = Object.keys(statusWords) as RequestStatus[];

/** Lookups are stored in canonical form, so that is what is compared; without the rules of the kinds, what was typed. */
async function storedForm(text: string, { kind }: LookupFilter): Promise<string> {
  try {
    return (await loadReader()).canonicalText(text, kind);
  } catch {
    return text.trim();
  }
}
