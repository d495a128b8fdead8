import type { CacheUse } from "@assay/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useMay } from "../../api/auth.ts";
import { cacheEntriesQuery, type EntryFilter } from "../../api/cache.ts";
import { Button } from "../../components/button.tsx";
import { Confirm } from "../../components/confirm.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Field } from "../../components/field.tsx";
import { Input, Select } from "../../components/input.tsx";
import { LoadMore } from "../../components/load-more.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import rows from "../../components/rows.module.css";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { CacheEntryRow } from "./cache-entry-row.tsx";
import styles from "./cache.module.css";
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
  const entries = query.data?.pages.flatMap((page) => page.items) ?? [];
  const [asking, setAsking] = useState(false);
  const clear = useClearCache();
  const name = sources.find(({ source }) => source.id === filter.sourceId)?.source.name;
  const isNarrow = filter.sourceId !== "" || filter.data !== "";
  const find = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    onFilter({ ...filter, data: String(new FormData(event.currentTarget).get("data")).trim() });
  };
  return (
    <section className={rows["section"]} aria-label="Answers">
      <h2>Answers</h2>
      <div className={rows["head"]}>
        <form className={styles["filters"]} onSubmit={find} key={filter.data}>
          <Field label="Of the indicator">
            {(control) => (
              <Input
                {...control}
                mono
                name="data"
                type="search"
                defaultValue={filter.data}
                maxLength={8192}
                placeholder="Any; press Enter to find one"
                autoCapitalize="none"
                spellCheck={false}
              />
            )}
          </Field>
          <Field label="Of the source">
            {(control) => (
              <Select
                {...control}
                value={filter.sourceId}
                onChange={(event) => onFilter({ ...filter, sourceId: event.target.value })}
              >
                <option value="">Any</option>
                {sources.map(({ source }) => (
                  <option key={source.id} value={source.id}>
                    {source.name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </form>
        {mayWrite && (
          <Button
            variant="danger"
            icon={<Trash2 size={14} aria-hidden />}
            disabled={entries.length === 0}
            onClick={() => setAsking(true)}
          >
            {isNarrow ? "Clear these" : "Clear all"}
          </Button>
        )}
      </div>
      {query.isError && <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />}
      {clear.isError && <ProblemNotice error={clear.error} title="Nothing was cleared" />}
      {!query.isError && (
        <div className={rows["list"]}>
          {query.isPending && <SkeletonRows count={5} label="Loading answers" />}
          {query.isSuccess && entries.length === 0 && (
            <EmptyState title={isNarrow ? "No answer fits" : "Nothing is kept yet"}>
              <p>
                {isNarrow
                  ? "Nobody has asked, or the answers have expired."
                  : "Answers come here with the lookups of sources whose answers are kept."}
              </p>
            </EmptyState>
          )}
          <ul aria-label="Answers">
            {entries.map((entry) => (
              <CacheEntryRow
                key={`${entry.source.id} ${entry.kind} ${entry.data} ${entry.fetchedAt}`}
                entry={entry}
                {...(mayWrite ? { onClear: () => clear.mutate({ sourceId: entry.source.id, data: entry.data }) } : {})}
              />
            ))}
          </ul>
          <LoadMore query={query} />
        </div>
      )}
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
          ? `The next lookups ask ${name ?? "the sources"} anew${filter.data === "" ? "" : ` about ${filter.data}`}, on every node.`
          : "The next lookups ask every source anew, on every node. That spends the quotas of your keys."}
      </Confirm>
    </section>
  );
}
