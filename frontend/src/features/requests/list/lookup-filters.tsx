import { type RequestStatus, VerdictWord } from "@assay/contract";
import { indicatorKinds } from "@assay/indicators";
import { type FormEvent, useState } from "react";
import type { LookupFilter } from "../../../api/requests.ts";
import { Button } from "../../../components/button.tsx";
import { Field } from "../../../components/field.tsx";
import { Input, Select } from "../../../components/input.tsx";
import { markWords } from "../../../components/mark.tsx";
import { loadReader } from "../reading/reader.ts";
import { MoreFilters, moreNames } from "./more-filters.tsx";
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

/** What the list is narrowed to. The indicator is matched in any way of writing it. */
export function LookupFilters({ filter, onFilter }: LookupFiltersProps) {
  const [match, setMatch] = useState(matchOf(filter));
  const [text, setText] = useState(filter[match] ?? "");
  const [more, setMore] = useState(moreNames.some((name) => filter[name] !== undefined));
  const narrow = (how: IndicatorMatch, value: string): void => {
    const found = value === "" ? {} : { [how]: value };
    onFilter({ ...filter, data: undefined, prefix: undefined, domain: undefined, network: undefined, ...found });
  };
  const apply = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    narrow(match, match === "data" ? await storedForm(text, filter) : text.trim());
  };
  const some = Object.values(filter).some((value) => value !== undefined);
  return (
    <form className={styles["filters"]} onSubmit={(event) => void apply(event)} aria-label="Filter lookups">
      <div className={styles["data"]}>
        <Field label="Indicator">
          {(control) => (
            <Input
              {...control}
              mono
              type="search"
              value={text}
              placeholder={matchWords[match][1]}
              onChange={(event) => {
                setText(event.target.value);
                if (event.target.value === "") narrow(match, "");
              }}
              autoCapitalize="none"
              spellCheck={false}
            />
          )}
        </Field>
      </div>
      <Field label="Matched">
        {(control) => (
          <Select
            {...control}
            value={match}
            onChange={(event) => setMatch(matches.find((how) => how === event.target.value) ?? "data")}
          >
            {matches.map((how) => (
              <option key={how} value={how}>
                {matchWords[how][0]}
              </option>
            ))}
          </Select>
        )}
      </Field>
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
      <div className={styles["actions"]}>
        <Button variant="plain" aria-expanded={more} onClick={() => setMore(!more)}>
          {more ? "Fewer filters" : "More filters"}
        </Button>
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
      </div>
      {more && <MoreFilters filter={filter} onFilter={onFilter} />}
    </form>
  );
}

type IndicatorMatch = "data" | "prefix" | "domain" | "network";

const matchWords: Readonly<Record<IndicatorMatch, readonly [how: string, example: string]>> = {
  data: ["Exactly", "Enter to apply"],
  prefix: ["Begins with", "https://example.com/a"],
  domain: ["Domain and below", ".example.com"],
  network: ["Within network", "192.0.2.0/24"],
};
const matches = Object.keys(matchWords) as IndicatorMatch[];

function matchOf(filter: LookupFilter): IndicatorMatch {
  return matches.find((how) => filter[how] !== undefined) ?? "data";
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
