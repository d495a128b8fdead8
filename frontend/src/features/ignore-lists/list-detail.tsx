import type { IgnoreList, IgnoreListPatch } from "@assay/contract";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useMay } from "../../api/auth.ts";
import { client } from "../../api/client.ts";
import { Button } from "../../components/button.tsx";
import { Choice } from "../../components/choice.tsx";
import { Confirm } from "../../components/confirm.tsx";
import { Head } from "../../components/head.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { Switch } from "../../components/switch.tsx";
import { Tag } from "../../components/tag.tsx";
import { EntryList } from "./entry-list.tsx";
import { ListFeed } from "./list-feed.tsx";
import { ListTies } from "./list-ties.tsx";
import { countWords, indicatorWords, kindHints, kindWords, scopeWords } from "./list-words.ts";
import styles from "./lists.module.css";
import { useChangeLists } from "./use-change-lists.ts";

interface ListDetailProps {
  readonly list: IgnoreList;
  readonly onDeleted: () => void;
}

/** One list: its settings, whom it concerns, its entries. */
export function ListDetail({ list, onDeleted }: ListDetailProps) {
  const mayWrite = useMay("ignoreLists:write");
  const [deleting, setDeleting] = useState(false);
  const params = { id: list.id };
  const change = useChangeLists(
    (body: IgnoreListPatch) => client.ignoreLists.update({ params, body }),
    ({ name }) => `Changed “${name}”`,
  );
  const remove = useChangeLists(
    () => client.ignoreLists.delete({ params }),
    () => `Deleted “${list.name}”`,
  );
  return (
    <>
      <Head
        level={1}
        title={list.name}
        actions={
          mayWrite &&
          !list.catalogue && (
            <Button variant="danger" icon={<Trash2 size={16} aria-hidden />} onClick={() => setDeleting(true)}>
              Delete
            </Button>
          )
        }
        about={
          <>
            <p>
              {countWords(list.entryCount)} · {scopeWords(list)}
              {list.version !== null && ` · version ${list.version}`}
            </p>
            {list.description !== "" && <p>{list.description}</p>}
            {list.indicatorKinds.length > 0 && (
              <p className={styles["buttons"]}>
                {indicatorWords(list).map((words) => (
                  <Tag key={words}>{words}</Tag>
                ))}
              </p>
            )}
          </>
        }
      />
      {change.isError && <ProblemNotice error={change.error} title="The list was not changed" />}
      {remove.isError && <ProblemNotice error={remove.error} title="The list was not deleted" />}
      <section className={styles["part"]} aria-label="Settings">
        <div className={styles["settings"]}>
          <label>
            <Switch
              checked={list.enabled}
              onChange={(enabled) => change.mutate({ enabled })}
              disabled={!mayWrite || change.isPending}
            />
            On
          </label>
          <label>
            <Switch
              checked={list.global}
              onChange={(global) => change.mutate({ global })}
              disabled={!mayWrite || change.isPending}
            />
            For all sources
          </label>
          {mayWrite ? (
            <Choice label="Kind" value={list.kind} options={kindWords} onChange={(kind) => change.mutate({ kind })} />
          ) : (
            <Tag>{kindWords[list.kind]}</Tag>
          )}
        </div>
        <p className={styles["hint"]}>{kindHints[list.kind]}</p>
      </section>
      {!list.global && <ListTies list={list} mayWrite={mayWrite} />}
      {!list.catalogue && <ListFeed list={list} mayWrite={mayWrite} />}
      <EntryList list={list} mayWrite={mayWrite && !list.catalogue && list.feed === null} />
      <Confirm
        open={deleting}
        title={`Delete “${list.name}”?`}
        verb="Delete list"
        danger
        busy={remove.isPending}
        onConfirm={() => remove.mutate(undefined, { onSuccess: onDeleted, onSettled: () => setDeleting(false) })}
        onClose={() => setDeleting(false)}
      >
        {countWords(list.entryCount)} will be gone. This cannot be undone.
      </Confirm>
    </>
  );
}
