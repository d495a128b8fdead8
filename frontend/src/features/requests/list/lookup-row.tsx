import type { RequestSummary } from "@assay/contract";
import { indicatorKindInfo } from "@assay/indicators";
import { Link } from "@tanstack/react-router";
import type { MouseEvent } from "react";
import { paths } from "../../../api/paths.ts";
import { Mark, markWords } from "../../../components/mark.tsx";
import { Mono } from "../../../components/mono.tsx";
import { TimeAgo } from "../../../components/time-ago.tsx";
import { PrivateSign } from "../private-sign.tsx";
import { coverageWords } from "../view/coverage-words.ts";
import styles from "./lookup-row.module.css";

interface LookupRowProps {
  readonly request: RequestSummary;
  readonly selected: boolean;
  /** Opens it beside the list instead; absent where there is no room. */
  readonly onPeek?: ((id: string) => void) | undefined;
}

/** A lookup on one line of a list. */
export function LookupRow({ request, selected, onPeek }: LookupRowProps) {
  const { verdict } = request.verdict;
  const peek = (event: MouseEvent): void => {
    if (onPeek === undefined || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    onPeek(request.id);
  };
  return (
    <li className={styles["item"]}>
      <Link
        to={paths.lookup}
        params={{ id: request.id }}
        className={[styles["row"], selected ? styles["selected"] : ""].join(" ")}
        aria-current={selected || undefined}
        onClick={peek}
      >
        <Mark name={request.status === "running" ? "running" : verdict} />
        <span className={[styles["verdict"], styles[verdict]].join(" ")}>{markWords[verdict]}</span>
        <span className={styles["what"]}>
          <Mono text={request.data} className={styles["data"]} />
          {request.visibility === "private" && <PrivateSign />}
        </span>
        <span className={styles["kind"]}>{indicatorKindInfo(request.kind).label}</span>
        <span className={styles["status"]} title={coverageWords(request.verdict.coverage)}>
          {request.status === "completed" ? answeredWords(request) : request.status}
        </span>
        <span className={styles["time"]}>
          <TimeAgo time={request.createdAt} />
        </span>
      </Link>
    </li>
  );
}

/** "6 of 9 answered", in as little room as a row has. */
function answeredWords({ verdict: { coverage } }: RequestSummary): string {
  return `${coverage.answered} of ${coverage.asked}`;
}
