import { type DecisionFilter, DecisionStatus, DecisionWord } from "@assay/contract";
import { type FormEvent, useState } from "react";
import { Button } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";
import { Input, Select } from "../../components/input.tsx";
import { statusWords, wordWords } from "./decision-words.ts";
import styles from "./decisions.module.css";

interface DecisionFiltersProps {
  readonly filter: DecisionFilter;
  readonly onFilter: (filter: DecisionFilter) => void;
}

/** What the list is narrowed to. */
export function DecisionFilters({ filter, onFilter }: DecisionFiltersProps) {
  const [text, setText] = useState(filter.data ?? filter.prefix ?? "");
  const narrow = (prefix: string): void =>
    onFilter({ ...filter, data: undefined, kind: undefined, prefix: prefix === "" ? undefined : prefix });
  const apply = (event: FormEvent): void => {
    event.preventDefault();
    narrow(text.trim());
  };
  const some = Object.values(filter).some((value) => value !== undefined);
  return (
    <form className={styles["filters"]} onSubmit={apply} aria-label="Filter decisions">
      <div className={styles["text"]}>
        <Field label="Indicator">
          {(control) => (
            <Input
              {...control}
              mono
              type="search"
              value={text}
              maxLength={200}
              placeholder="Begins with; Enter to apply"
              onChange={(event) => {
                setText(event.target.value);
                if (event.target.value === "") narrow("");
              }}
              autoCapitalize="none"
              spellCheck={false}
            />
          )}
        </Field>
      </div>
      <Field label="Decided">
        {(control) => (
          <Select
            {...control}
            value={filter.verdict ?? ""}
            onChange={(event) =>
              onFilter({ ...filter, verdict: DecisionWord.options.find((word) => word === event.target.value) })
            }
          >
            <option value="">Anything</option>
            {DecisionWord.options.map((word) => (
              <option key={word} value={word}>
                {wordWords[word]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Standing">
        {(control) => (
          <Select
            {...control}
            value={filter.status ?? ""}
            onChange={(event) =>
              onFilter({ ...filter, status: DecisionStatus.options.find((status) => status === event.target.value) })
            }
          >
            <option value="">Any</option>
            {DecisionStatus.options.map((status) => (
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
