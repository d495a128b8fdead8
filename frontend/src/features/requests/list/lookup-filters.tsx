import { RequestStatus, VerdictWord } from "@assay/contract";
import { useState } from "react";
import type { LookupFilter } from "../../../api/requests.ts";
import { Button } from "../../../components/button.tsx";
import { FilterForm, isNarrowed } from "../../../components/filter-form.tsx";
import { KindField } from "../../../components/kind-field.tsx";
import { markWords } from "../../../components/mark.tsx";
import { SelectField } from "../../../components/select-field.tsx";
import { loadReader } from "../reading/reader.ts";
import { MoreFilters, moreNames } from "./more-filters.tsx";

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
  const [more, setMore] = useState(moreNames.some((name) => filter[name] !== undefined));
  const search = async (text: string): Promise<void> => {
    const value = match === "data" && text !== "" ? await storedForm(text, filter) : text;
    const found = value === "" ? {} : { [match]: value };
    onFilter({ ...filter, data: undefined, prefix: undefined, domain: undefined, network: undefined, ...found });
  };
  return (
    <FilterForm
      label="Filter lookups"
      search={{
        label: "Indicator",
        text: filter[match] ?? "",
        placeholder: matchWords[match][1],
        mono: true,
        maxLength: 8192,
        onSearch: (text) => void search(text),
      }}
      narrowed={isNarrowed(filter)}
      onClear={() => onFilter({})}
      actions={
        <Button variant="plain" aria-expanded={more} onClick={() => setMore(!more)}>
          {more ? "Fewer filters" : "More filters"}
        </Button>
      }
      more={more && <MoreFilters filter={filter} onFilter={onFilter} />}
    >
      <SelectField
        label="Matched"
        options={matches}
        words={(how) => matchWords[how][0]}
        value={match}
        onChoose={(how) => setMatch(how ?? "data")}
      />
      <SelectField
        label="Verdict"
        none="Any"
        options={VerdictWord.options}
        words={markWords}
        value={filter.verdict}
        onChoose={(verdict) => onFilter({ ...filter, verdict })}
      />
      <KindField value={filter.kind} onChoose={(kind) => onFilter({ ...filter, kind })} />
      <SelectField
        label="Status"
        none="Any"
        options={RequestStatus.options}
        words={statusWords}
        value={filter.status}
        onChoose={(status) => onFilter({ ...filter, status })}
      />
    </FilterForm>
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

/** Lookups are stored in canonical form, so that is what is compared; without the rules of the kinds, what was typed. */
async function storedForm(text: string, { kind }: LookupFilter): Promise<string> {
  try {
    return (await loadReader()).canonicalText(text, kind);
  } catch {
    return text.trim();
  }
}
