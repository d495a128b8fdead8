import type { CacheUse } from "@assay/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useMay } from "../../api/auth.ts";
import { cacheEntriesQuery, type EntryFilter } from "../../api/cache.ts";
import { Button } from "../../components/button.tsx";
import { Confirm } from "../../components/confirm.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { FilterForm, isNarrowed } from "../../components/filter-form.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { RowList, rowsOf } from "../../components/row-list.tsx";
import { Section } from "../../components/section.tsx";
import { SelectField } from "../../components/select-field.tsx";
import { CacheEntryRow } from "./cache-entry-row.tsx";
import { useClearCache } from "./use-clear-cache.ts";

interface CacheEntriesProps {
  readonly filter: EntryFilter;
  readonly onFilter: (filter: EntryFilter) => void;
  readonly sources: readonly Pick<CacheUse, "source">[];
}

/** The answers in the cache: of a source, of an indicator, or all; and how to clear them. */
export function CacheEntries({ filter, onFilter, sources }: CacheEntriesProps) {
  const mayWrite = useMay("cache:write");
  const query = useInfiniteQuery(cacheEntriesQuery(filter));
  const entries = rowsOf(query);
  const [asking, setAsking] = useState(false);
  const clear = useClearCache();
  const name = sources.find(({ source }) => source.id === filter.sourceId)?.source.name;
  const isNarrow = isNarrowed(filter);
  return (
    <Section
      title="Answers"
      actions={
        mayWrite && (
          <Button
            variant="danger"
            icon={<Trash2 size={14} aria-hidden />}
            disabled={entries.length === 0}
            onClick={() => setAsking(true)}
          >
            {isNarrow ? "Clear these" : "Clear all"}
          </Button>
        )
      }
    >
      <FilterForm
        key={filter.data}
        label="Filter answers"
        search={{
          label: "Of the indicator",
          text: filter.data ?? "",
          placeholder: "Any; Enter to apply",
          mono: true,
          maxLength: 8192,
          onSearch: (text) => onFilter({ ...filter, data: text || undefined }),
        }}
        narrowed={isNarrow}
        onClear={() => onFilter({})}
      >
        <SelectField
          label="Of the source"
          none="Any"
          options={sources.map(({ source }) => source.id)}
          words={Object.fromEntries(sources.map(({ source }) => [source.id, source.name]))}
          value={filter.sourceId}
          onChoose={(sourceId) => onFilter({ ...filter, sourceId })}
        />
      </FilterForm>
      {clear.isError && <ProblemNotice error={clear.error} title="Nothing was cleared" />}
      <RowList
        noun="answers"
        query={query}
        rows={entries}
        empty={
          isNarrow ? (
            <EmptyState title="No answer fits">
              <p>Nobody has asked, or the answers have expired.</p>
            </EmptyState>
          ) : (
            <EmptyState title="Nothing is kept yet">
              <p>Answers come here with the lookups of sources whose answers are kept.</p>
            </EmptyState>
          )
        }
      >
        {(entry) => (
          <CacheEntryRow
            key={`${entry.source.id} ${entry.kind} ${entry.data} ${entry.fetchedAt}`}
            entry={entry}
            {...(mayWrite ? { onClear: () => clear.mutate({ sourceId: entry.source.id, data: entry.data }) } : {})}
          />
        )}
      </RowList>
      <Confirm
        open={asking}
        title={isNarrow ? "Clear these answers?" : "Clear the whole cache?"}
        verb="Clear"
        danger
        busy={clear.isPending}
        onConfirm={() => clear.mutate(filter, { onSettled: () => setAsking(false) })}
        onClose={() => setAsking(false)}
      >
        {isNarrow
          ? `The next lookups ask ${name ?? "the sources"} anew${filter.data === undefined ? "" : ` about ${filter.data}`}, on every node.`
          : "The next lookups ask every source anew, on every node. That spends the quotas of your keys."}
      </Confirm>
    </Section>
  );
}
