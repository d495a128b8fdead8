import { type EntryType, entryTypes, type IgnoreList, type IgnoreListEntry } from "@assay/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Plus, Trash2 } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { client } from "../../api/client.ts";
import { entriesQuery } from "../../api/ignore-lists.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import filters from "../../components/filters.module.css";
import { IconButton } from "../../components/icon-button.tsx";
import { ModalButton } from "../../components/modal-button.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { RowList, rowsOf } from "../../components/row-list.tsx";
import rows from "../../components/rows.module.css";
import { SearchField } from "../../components/search-field.tsx";
import { Section } from "../../components/section.tsx";
import { SelectField } from "../../components/select-field.tsx";
import { AddEntriesForm } from "./add-entries-form.tsx";
import { changeWords, typeWords } from "./list-words.ts";
import styles from "./lists.module.css";
import { useChangeLists } from "./use-change-lists.ts";

interface EntryListProps {
  readonly list: IgnoreList;
  readonly mayWrite: boolean;
}

/** The entries of a list: find, add, remove. */
export function EntryList({ list, mayWrite }: EntryListProps) {
  const [text, setText] = useState("");
  const [type, setType] = useState<EntryType | undefined>();
  const q = useDeferredValue(text.trim());
  const query = useInfiniteQuery(entriesQuery(list.id, q, type));
  const remove = useChangeLists(
    ({ type, value }: IgnoreListEntry) =>
      client.ignoreLists.removeEntries({ params: { id: list.id }, body: { entries: [{ type, value }] } }),
    changeWords,
  );
  return (
    <Section
      title="Entries"
      actions={
        mayWrite && (
          <ModalButton
            variant="primary"
            icon={<Plus size={16} aria-hidden />}
            label="Add entries"
            title={`Add entries to “${list.name}”`}
          >
            {(close) => <AddEntriesForm list={list} onDone={close} />}
          </ModalButton>
        )
      }
    >
      <div className={filters["filters"]}>
        <div className={filters["text"]}>
          <SearchField label="Find an entry" mono text={text} onText={setText} />
        </div>
        <SelectField label="Type" none="Any" options={entryTypes} words={typeWords} value={type} onChoose={setType} />
      </div>
      {remove.isError && <ProblemNotice error={remove.error} title="The entry was not removed" />}
      <RowList
        noun="entries"
        query={query}
        rows={rowsOf(query)}
        empty={
          <EmptyState title={list.entryCount === 0 ? "No entries yet" : "No entry fits"}>
            <p>{list.entryCount === 0 ? "Without entries the list holds nothing." : "Clear the search to see all."}</p>
          </EmptyState>
        }
      >
        {(entry) => (
          <li key={`${entry.type} ${entry.value}`} className={rows["row"]} aria-label={entry.value}>
            <div className={rows["words"]}>
              <code className={styles["value"]}>{entry.value}</code>
              <p className={rows["facts"]}>
                <span>{typeWords[entry.type]}</span>
                {entry.exception && <span>Exception: not on the list</span>}
              </p>
            </div>
            {mayWrite && (
              <IconButton
                label={`Remove ${entry.value}`}
                icon={<Trash2 size={14} aria-hidden />}
                disabled={remove.isPending}
                onClick={() => remove.mutate(entry)}
              />
            )}
          </li>
        )}
      </RowList>
    </Section>
  );
}
