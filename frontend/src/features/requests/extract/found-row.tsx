import { defang, type ExtractedIndicator, indicatorKindInfo } from "@assay/indicators";
import { Link } from "@tanstack/react-router";
import { paths } from "../../../api/paths.ts";
import { Mark, markWords } from "../../../components/mark.tsx";
import { Mono } from "../../../components/mono.tsx";
import { problemTitle } from "../../../components/problem-words.ts";
import type { Started } from "./use-start-many.ts";
import styles from "./found-row.module.css";

interface FoundRowProps {
  readonly indicator: ExtractedIndicator;
  readonly started: Started | undefined;
  /** Absent for those who may not look up. */
  readonly choice: { readonly chosen: boolean; readonly onChoose: (on: boolean) => void } | undefined;
}

const confidenceWords = { high: "Sure", medium: "Likely", low: "Doubtful" } as const;

/** An indicator that was found, defanged, with how sure that is and what became of its lookup. */
export function FoundRow({ indicator, started, choice }: FoundRowProps) {
  const { kind, data, confidence, note, unwrappedFrom } = indicator;
  const aside = unwrappedFrom === undefined ? note : "unwrapped from the link of a mail filter or search engine";
  const shown = defang(kind, data);
  return (
    <li>
      <label className={styles["row"]}>
        {choice && (
          <input
            type="checkbox"
            checked={choice.chosen}
            disabled={started !== undefined}
            aria-label={`${indicatorKindInfo(kind).label} ${shown}`}
            onChange={(event) => choice.onChoose(event.target.checked)}
          />
        )}
        <span className={styles["what"]}>
          <Mono text={shown} className={styles["data"]} />
          {aside !== undefined && <span className={styles["note"]}>{aside}</span>}
        </span>
        <span className={styles["kind"]}>{indicatorKindInfo(kind).label}</span>
        <span className={[styles["confidence"], styles[confidence]].join(" ")}>{confidenceWords[confidence]}</span>
        <span className={styles["outcome"]}>{started && <Outcome started={started} />}</span>
      </label>
    </li>
  );
}

function Outcome({ started }: { readonly started: Started }) {
  if (started.state === "failed")
    return (
      <span className={styles["failed"]} title={problemTitle(started.error)}>
        <Mark name="failed" /> {problemTitle(started.error)}
      </span>
    );
  if (started.state === "waiting")
    return (
      <span>
        <Mark name="running" /> {markWords.running}
      </span>
    );
  const { id, status, verdict } = started.request;
  const mark = status === "running" ? "running" : verdict.verdict;
  return (
    <Link to={paths.lookup} params={{ id }} target="_blank">
      <Mark name={mark} /> {markWords[mark]}
    </Link>
  );
}
