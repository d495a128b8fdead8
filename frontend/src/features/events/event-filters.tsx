import type { EventFilter } from "@assay/contract";
import { Download } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button } from "../../components/button.tsx";
import { dayMs, dayOf, startOf } from "../../components/day.ts";
import { Field } from "../../components/field.tsx";
import { Input, Select } from "../../components/input.tsx";
import { exportAddress } from "./event-queries.ts";
import { actorTypeWords, nounWords } from "./event-words.ts";
import styles from "./event-filters.module.css";

interface EventFiltersProps {
  readonly filter: EventFilter;
  readonly onFilter: (filter: EventFilter) => void;
}

const actorTypes = Object.keys(actorTypeWords) as (keyof typeof actorTypeWords)[];

/** What the list is narrowed to, and the way to take all of it along. */
export function EventFilters({ filter, onFilter }: EventFiltersProps) {
  const [text, setText] = useState(filter.text ?? "");
  const apply = (event: FormEvent): void => {
    event.preventDefault();
    onFilter({ ...filter, text: text.trim() === "" ? undefined : text.trim() });
  };
  const nouns = new Set([...Object.keys(nounWords), ...(filter.action === undefined ? [] : [filter.action])]);
  const some = Object.values(filter).some((value) => value !== undefined);
  return (
    <form className={styles["filters"]} onSubmit={apply} aria-label="Filter events">
      <div className={styles["text"]}>
        <Field label="Text">
          {(control) => (
            <Input
              {...control}
              type="search"
              value={text}
              maxLength={200}
              placeholder="A name, an id, an address; Enter to apply"
              onChange={(event) => {
                setText(event.target.value);
                if (event.target.value === "") onFilter({ ...filter, text: undefined });
              }}
              autoCapitalize="none"
              spellCheck={false}
            />
          )}
        </Field>
      </div>
      <Field label="About">
        {(control) => (
          <Select
            {...control}
            value={filter.action ?? ""}
            onChange={(event) => onFilter({ ...filter, action: event.target.value || undefined })}
          >
            <option value="">Anything</option>
            {[...nouns].map((noun) => (
              <option key={noun} value={noun}>
                {nounWords[noun] ?? noun}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="By">
        {(control) => (
          <Select
            {...control}
            value={filter.actorType ?? ""}
            onChange={(event) =>
              onFilter({ ...filter, actorType: actorTypes.find((type) => type === event.target.value) })
            }
          >
            <option value="">Anybody</option>
            {actorTypes.map((type) => (
              <option key={type} value={type}>
                {actorTypeWords[type]}
              </option>
            ))}
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
      <div className={styles["actions"]}>
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
        <a className={styles["export"]} href={exportAddress(filter)} download>
          <Download size={16} aria-hidden /> Export
        </a>
      </div>
    </form>
  );
}
