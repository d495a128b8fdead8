import { diffLines, foldSame } from "./line-diff.ts";
import styles from "./line-diff-view.module.css";

interface LineDiffViewProps {
  readonly before: string;
  readonly after: string;
  /** Its name for screen readers. */
  readonly label: string;
}

const around = 3;
const shownMax = 2000;
const signs = { same: " ", removed: "−", added: "+" } as const;
const spoken = { same: "", removed: "Removed: ", added: "Added: " } as const;

/** Two texts line by line: what was taken out and put in, with a few lines around it. */
export function LineDiffView({ before, after, label }: LineDiffViewProps) {
  const diff = foldSame(diffLines(before, after), around);
  return (
    <div className={styles["diff"]} role="region" aria-label={label} tabIndex={0}>
      <ol>
        {diff.slice(0, shownMax).map((line, at) =>
          line.kind === "gap" ? (
            <li key={`${at} gap`} className={styles["gap"]}>
              {line.lines === 1 ? "1 line the same" : `${line.lines} lines the same`}
            </li>
          ) : (
            <li key={`${at} ${line.text}`} className={styles[line.kind]}>
              <span aria-hidden>{signs[line.kind]}</span>
              <span className={styles["text"]}>
                <span className={styles["spoken"]}>{spoken[line.kind]}</span>
                {line.text}
              </span>
            </li>
          ),
        )}
        {diff.length > shownMax && <li className={styles["gap"]}>{diff.length - shownMax} more are not shown</li>}
      </ol>
    </div>
  );
}
