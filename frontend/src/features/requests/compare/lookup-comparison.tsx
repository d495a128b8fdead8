import type { RequestDiff, RequestSummary, SourceDiff } from "@assay/contract";
import { Link } from "@tanstack/react-router";
import { ArrowRight } from "lucide-react";
import { paths } from "../../../api/paths.ts";
import { Mark, markWords } from "../../../components/mark.tsx";
import { Mono } from "../../../components/mono.tsx";
import { TimeAgo } from "../../../components/time-ago.tsx";
import { sourceChanges } from "./source-changes.ts";
import styles from "./lookup-comparison.module.css";

/** What the later lookup says anew, source by source. */
export function LookupComparison({ diff }: { readonly diff: RequestDiff }) {
  const changed = diff.sources.filter((source) => source.changed);
  const gone = diff.sources.filter((source) => source.pruned !== null);
  const same = diff.sources.filter((source) => !source.changed && source.pruned === null);
  return (
    <div className={styles["comparison"]}>
      <p>
        <Mono text={diff.after.data} />
      </p>
      <p className={styles["verdicts"]}>
        <LookupVerdict request={diff.before} />
        <ArrowRight size={16} aria-label="then" />
        <LookupVerdict request={diff.after} />
      </p>
      {changed.length === 0 && same.length > 0 && (
        <p>{gone.length === 0 ? "Every source says the same in both." : "What can be compared is the same in both."}</p>
      )}
      <ul className={styles["sources"]} aria-label="Sources that changed">
        {changed.map((source) => (
          <SourceChanges key={source.source.id} diff={source} />
        ))}
      </ul>
      {same.length > 0 && (
        <p className={styles["same"]}>As before: {same.map(({ source }) => source.name).join(", ")}</p>
      )}
      {gone.length > 0 && (
        <p className={styles["same"]}>
          Cannot be compared, because retention deleted an answer: {gone.map(({ source }) => source.name).join(", ")}
        </p>
      )}
    </div>
  );
}

function LookupVerdict({ request }: { readonly request: RequestSummary }) {
  return (
    <Link to={paths.lookup} params={{ id: request.id }} className={styles["verdict"]}>
      <Mark name={request.verdict.verdict} /> {markWords[request.verdict.verdict]}, <TimeAgo time={request.createdAt} />
    </Link>
  );
}

function SourceChanges({ diff }: { readonly diff: SourceDiff }) {
  return (
    <li className={styles["source"]}>
      <h2>{diff.source.name}</h2>
      <ul>
        {sourceChanges(diff).map(({ sign, text }) => (
          <li key={sign + text} className={styles["change"]}>
            <span className={styles["sign"]}>{sign}</span>
            <span>{text}</span>
          </li>
        ))}
      </ul>
    </li>
  );
}
