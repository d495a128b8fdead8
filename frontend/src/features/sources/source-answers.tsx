import type { Source } from "@assay/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMay } from "../../api/auth.ts";
import { paths } from "../../api/paths.ts";
import { sourceAnswersQuery } from "../../api/sources.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import { Mark, markWords } from "../../components/mark.tsx";
import { Mono } from "../../components/mono.tsx";
import { RowList, rowsOf } from "../../components/row-list.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { durationWords } from "../../components/time.ts";
import styles from "./source-answers.module.css";

/** What the source answered lately; each leads to its lookup. */
export function SourceAnswers({ source }: { readonly source: Source }) {
  const mayRead = useMay("requests:read");
  const query = useInfiniteQuery({ ...sourceAnswersQuery(source.id), enabled: mayRead });
  if (!mayRead) return <EmptyState title="You may not read lookups" />;
  return (
    <RowList
      noun="recent answers"
      query={query}
      rows={rowsOf(query)}
      loadingCount={6}
      empty={<EmptyState title="It has not answered anything yet" />}
    >
      {({ requestId, data, answer }) => {
        const mark = answer.outcome === "ok" ? answer.verdict : answer.outcome;
        return (
          <li key={answer.id} className={styles["item"]}>
            <Link
              to={paths.lookup}
              params={{ id: requestId }}
              search={{ source: source.slug }}
              className={styles["row"]}
            >
              <Mark name={mark} />
              <span>{markWords[mark]}</span>
              <Mono text={data} className={styles["data"]} />
              <span className={styles["time"]}>
                {durationWords(Math.max(0, Date.parse(answer.timing.endedAt) - Date.parse(answer.timing.startedAt)))}
              </span>
              <span className={styles["time"]}>
                <TimeAgo time={answer.fetchedAt} />
              </span>
            </Link>
          </li>
        );
      }}
    </RowList>
  );
}
