import type { RunnerStatus } from "@assay/contract";
import { useQuery } from "@tanstack/react-query";
import { runnersQuery } from "../../api/runners.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import { Notice } from "../../components/notice.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import rows from "../../components/rows.module.css";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { languageWords, runnerTroubles } from "./runner-trouble.ts";
import styles from "./runner-list.module.css";

const stateWords = { serving: "Serving", unreachable: "Unreachable", refused: "Refuses" } as const;
const fenceWords = { bubblewrap: "bubblewrap", landlock: "Landlock (weaker)", off: "none" } as const;

/** The runners: where sources are run, and whether they serve. */
export function RunnerList() {
  const query = useQuery(runnersQuery);
  if (query.isError) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <SkeletonRows count={2} label="Loading runners" />;
  return (
    <div className={styles["runners"]}>
      {runnerTroubles(query.data).map((trouble) => (
        <Notice key={trouble.runner.address + trouble.title} tone="warning" title={trouble.title}>
          <p>{trouble.advice}</p>
        </Notice>
      ))}
      {query.data.length === 0 ? (
        <EmptyState title="No runner is configured">
          <p>Name at least one per language where Assay is started; until then every source fails.</p>
        </EmptyState>
      ) : (
        <ul className={rows["list"]} aria-label="Runners">
          {query.data.map((runner) => (
            <RunnerRow key={runner.language + runner.address} runner={runner} />
          ))}
        </ul>
      )}
    </div>
  );
}

function RunnerRow({ runner }: { readonly runner: RunnerStatus }) {
  return (
    <li className={styles["row"]}>
      <span className={styles["language"]}>{languageWords[runner.language]}</span>
      <code className={styles["address"]}>{runner.address}</code>
      <span className={styles["fence"]}>
        Fence: {runner.sandbox === null ? "not known" : fenceWords[runner.sandbox]}
      </span>
      <span className={runner.state === "serving" ? styles["serving"] : styles["out"]}>{stateWords[runner.state]}</span>
      <span className={styles["since"]}>
        since <TimeAgo time={runner.since} />
      </span>
    </li>
  );
}
