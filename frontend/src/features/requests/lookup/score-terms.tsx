import type { Verdict } from "@assay/contract";
import { markWords } from "../../../components/mark.tsx";
import { Popover } from "../../../components/popover.tsx";
import styles from "./score-terms.module.css";

/** The score, and what each family of sources added to it. */
export function ScoreTerms({ verdict }: { readonly verdict: Verdict }) {
  return (
    <Popover
      label="How the score is made"
      align="end"
      className={styles["content"]}
      trigger={
        <button
          type="button"
          className={styles["score"]}
          aria-label={`Score ${Math.round(verdict.score)} of 100: show how it is made`}
        >
          Score {Math.round(verdict.score)}
        </button>
      }
    >
      <p className={styles["hint"]}>For sorting only, 0 to 100. The rule decides the verdict, not the score.</p>
      {verdict.terms.length === 0 ? (
        <p>No source added to it.</p>
      ) : (
        <ul className={styles["terms"]}>
          {verdict.terms.map((term) => (
            <li key={term.family + term.source}>
              <span className={styles["points"]}>+{term.points.toFixed(1)}</span>
              <span>
                {term.source} <span className={styles["family"]}>{markWords[term.verdict].toLowerCase()}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Popover>
  );
}
