import type { IgnoreList, ListFeed as Feed } from "@assay/contract";
import { Pencil, RefreshCw, Rss, Unlink } from "lucide-react";
import { useState } from "react";
import { client } from "../../api/client.ts";
import { Button } from "../../components/button.tsx";
import { Modal } from "../../components/modal.tsx";
import { Mono } from "../../components/mono.tsx";
import { Notice } from "../../components/notice.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { FeedForm } from "./feed-form.tsx";
import { everyWords, feedFormatWords } from "./feed-words.ts";
import styles from "./lists.module.css";
import { useChangeLists } from "./use-change-lists.ts";

/** Where a list's entries come from by themselves, how the last try went, and what can be done about it. */
export function ListFeed({ list, mayWrite }: { readonly list: IgnoreList; readonly mayWrite: boolean }) {
  const [editing, setEditing] = useState(false);
  const params = { id: list.id };
  const save = useChangeLists(
    (feed: Feed | null) => client.ignoreLists.update({ params, body: { feed } }),
    ({ feed }) => (feed === null ? "The entries are yours to change" : "Saved where the entries come from"),
  );
  const refresh = useChangeLists(
    (acceptSmaller: boolean) => client.ignoreLists.refresh({ params, body: { acceptSmaller } }),
    ({ feedState }) => (feedState?.problem === null ? "The list is up to date" : "The entries stay as they were"),
  );
  const busy = save.isPending || refresh.isPending;
  const { feed, feedState } = list;
  if (feed === null && !mayWrite) return null;
  return (
    <section className={styles["part"]} aria-label="File">
      {feed !== null && feedState !== null && (
        <>
          <dl className={styles["feed"]}>
            <div className={styles["wide"]}>
              <dt>Entries come from</dt>
              <dd>
                <Mono text={feed.url} />
              </dd>
            </div>
            <Fact name="Format" value={feedFormatWords[feed.format]} />
            <Fact name="Fetched" value={`every ${everyWords(feed.everyMinutes)}`} />
            <Fact name="Last there" time={feedState.fetchedAt} />
            <Fact name="Last changed" time={feedState.changedAt} />
          </dl>
          {feedState.problem !== null && (
            <Notice tone="warning" title="The last file was not taken; the entries are those from before">
              <p>{feedState.problem}</p>
            </Notice>
          )}
        </>
      )}
      {refresh.isError && <ProblemNotice error={refresh.error} title="The file was not fetched" />}
      {save.isError && !editing && <ProblemNotice error={save.error} title="The list was not changed" />}
      {mayWrite && (
        <div className={styles["buttons"]}>
          {feed !== null && (
            <Button
              icon={<RefreshCw size={16} aria-hidden />}
              busy={refresh.isPending}
              disabled={busy}
              onClick={() => refresh.mutate(false)}
            >
              Refresh now
            </Button>
          )}
          {typeof feedState?.problem === "string" && list.entryCount > 0 && (
            <Button disabled={busy} onClick={() => refresh.mutate(true)}>
              Refresh, even if much shorter
            </Button>
          )}
          <Button
            icon={feed === null ? <Rss size={16} aria-hidden /> : <Pencil size={16} aria-hidden />}
            disabled={busy}
            onClick={() => setEditing(true)}
          >
            {feed === null ? "Keep up with a file" : "Change"}
          </Button>
          {feed !== null && (
            <Button icon={<Unlink size={16} aria-hidden />} disabled={busy} onClick={() => save.mutate(null)}>
              Take the address out
            </Button>
          )}
        </div>
      )}
      <Modal open={editing} onClose={() => setEditing(false)} title="Where the entries come from">
        <FeedForm
          feed={feed}
          error={save.error}
          busy={save.isPending}
          onSave={(given) => save.mutate(given, { onSuccess: () => setEditing(false) })}
        />
      </Modal>
    </section>
  );
}

interface FactProps {
  readonly name: string;
  readonly value?: string;
  /** null: never. */
  readonly time?: string | null;
}

function Fact({ name, value, time }: FactProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value ?? (typeof time === "string" ? <TimeAgo time={time} /> : "never")}</dd>
    </div>
  );
}
