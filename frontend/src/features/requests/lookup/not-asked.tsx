import { type ReactNode, useState } from "react";
import { Mark } from "../../../components/mark.tsx";
import { problemsTally } from "../answer/problem-words.ts";
import type { Place } from "../view/lookup-view.ts";
import styles from "./not-asked.module.css";

interface NotAskedProps {
  readonly places: readonly Place[];
  /** One of them is open. */
  readonly open: boolean;
  readonly children: ReactNode;
}

/** The sources that the plan left out: one line that says why, the strips behind it. */
export function NotAsked({ places, open, children }: NotAskedProps) {
  const [unfolded, setUnfolded] = useState(open);
  const first = places.flatMap((place) => place.problems.slice(0, 1));
  return (
    <details className={styles["fold"]} open={unfolded} onToggle={(event) => setUnfolded(event.currentTarget.open)}>
      <summary className={styles["summary"]}>
        <Mark name="skipped" />
        <span className={styles["count"]}>{places.length} not asked</span>
        <span className={styles["why"]}>{problemsTally(first)}</span>
      </summary>
      {unfolded && <ul aria-label="Sources that were not asked">{children}</ul>}
    </details>
  );
}
