import { entryTypes, type IgnoreList, type IgnoreListEntry } from "@assay/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Plus, Trash2 } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { client } from "../../api/client.ts";
import { entriesQuery } from "../../api/ignore-lists.ts";
import { Button } from "../../components/button.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Field } from "../../components/field.tsx";
import { IconButton } from "../../components/icon-button.tsx";
import { Input, Select } from "../../components/input.tsx";
import { LoadMore } from "../../components/load-more.tsx";
import { Modal } from "../../components/modal.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import rows from "../../components/rows.module.css";
import { SkeletonRows } from "../../components/skeleton.tsx";
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
  const [chosen, setChosen] = useState("");
  const [adding, setAdding] = useState(false);
  const type = entryTypes.find((each) => each === chosen);
  const q = useDeferredValue(text.trim());
  const query = useInfiniteQuery(entriesQuery(list.id, q, type));
  const entries = query.data?.pages.flatMap((page) => page.items) ?? [];
  const remove = useChangeLists(
    ({ type, value }: IgnoreListEntry) =>
      client.ignoreLists.removeEntries({ params: { id: list.id }, body: { entries: [{ type, value }] } }),
    changeWords,
  );
  return (
    <section className={rows["section"]} aria-label="Entries">
      <h2>Entries</h2>
      <div className={rows["head"]}>
        <div className={styles["filters"]}>
          <Field label="Find an entry">
            {(control) => (
              <Input
                {...control}
                mono
                type="search"
                value={text}
                onChange={(event) => setText(event.target.value)}
                maxLength={200}
                spellCheck={false}
              />
            )}
          </Field>
          <Field label="Type">
            {(control) => (
              <Select {...control} value={chosen} onChange={(event) => setChosen(event.target.value)}>
                <option value="">Any</option>
                {entryTypes.map((each) => (
                  <option key={each} value={each}>
                    {typeWords[each]}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </div>
        {mayWrite && (
          <Button variant="primary" icon={<Plus size={16} aria-hidden />} onClick={() => setAdding(true)}>
            Add entries
          </Button>
        )}
      </div>
      {query.isError && <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />}
      {remove.isError && <ProblemNotice error={remove.error} title="The entry was not removed" />}
      <div className={rows["list"]}>
        {query.isPending && <SkeletonRows count={5} label="Loading entries" />}
        {query.isSuccess && entries.length === 0 && (
          <EmptyState title={list.entryCount === 0 ? "No entries yet" : "No entry fits"}>
            <p>{list.entryCount === 0 ? "Without entries the list holds nothing." : "Clear the search to see all."}</p>
          </EmptyState>
        )}
        <ul aria-label="Entries">
          {entries.map((entry) => (
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
          ))}
        </ul>
        <LoadMore query={query} />
      </div>
      <Modal open={adding} onClose={() => setAdding(false)} title={`Add entries to “${list.name}”`}>
        <AddEntriesForm list={list} onDone={() => setAdding(false)} />
      </Modal>
    </section>
  );
}
