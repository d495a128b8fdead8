import type { IndicatorKind } from "@assay/contract";
import { useQuery } from "@tanstack/react-query";
import { sourcesQuery } from "../../../api/sources.ts";
import { Button } from "../../../components/button.tsx";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { Skeleton } from "../../../components/skeleton.tsx";
import styles from "./source-choice.module.css";

interface SourceChoiceProps {
  /** The kind in the box: sources that do not take it are marked. */
  readonly kind: IndicatorKind | null;
  /** undefined: all. */
  readonly chosen: readonly string[] | undefined;
  readonly onChoose: (sourceIds: readonly string[] | undefined) => void;
}

/** Which sources are asked: all of them, or those that are ticked. */
export function SourceChoice({ kind, chosen, onChoose }: SourceChoiceProps) {
  const sources = useQuery(sourcesQuery);
  if (sources.isError) return <ProblemNotice error={sources.error} onRetry={() => void sources.refetch()} />;
  if (sources.isPending) return <Skeleton height="120px" />;
  const toggle = (id: string, on: boolean): void => {
    const before = chosen ?? sources.data.map((source) => source.id);
    const next = on ? [...before, id] : before.filter((other) => other !== id);
    onChoose(next.length === sources.data.length ? undefined : next);
  };
  return (
    <fieldset className={styles["choice"]}>
      <legend>Sources</legend>
      <div className={styles["head"]}>
        <span className={styles["count"]}>{countWords(chosen)}</span>
        <Button size="s" variant="plain" disabled={chosen === undefined} onClick={() => onChoose(undefined)}>
          All
        </Button>
        <Button size="s" variant="plain" disabled={chosen?.length === 0} onClick={() => onChoose([])}>
          None
        </Button>
      </div>
      <ul className={styles["list"]}>
        {sources.data.map((source) => {
          const takes = kind === null || source.supportedIndicators.includes(kind);
          return (
            <li key={source.id}>
              <label className={styles["option"]}>
                <input
                  type="checkbox"
                  checked={chosen?.includes(source.id) ?? true}
                  onChange={(event) => toggle(source.id, event.target.checked)}
                />
                <span className={styles["name"]}>{source.name}</span>
                {(!takes || !source.enabled) && (
                  <span className={styles["aside"]}>{source.enabled ? "other kinds" : "off"}</span>
                )}
              </label>
            </li>
          );
        })}
      </ul>
    </fieldset>
  );
}

function countWords(chosen: readonly string[] | undefined): string {
  if (chosen === undefined) return "All that take the kind";
  return chosen.length === 0 ? "None: choose at least one" : `${chosen.length} chosen`;
}
