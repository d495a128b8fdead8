import { CircleAlert, TriangleAlert } from "lucide-react";
import type { DraftProblem } from "./draft.ts";
import styles from "./problem-list.module.css";

interface ProblemListProps {
  readonly problems: readonly DraftProblem[];
  /** What is under way, or why it could not be checked. */
  readonly status: string;
  readonly onGo: (problem: DraftProblem) => void;
}

const files = { code: "Code", manifest: "Manifest" };

/** All that is wrong in code and manifest; a row leads to its place. */
export function ProblemList({ problems, status, onGo }: ProblemListProps) {
  return (
    <section className={styles["problems"]} aria-label="Problems">
      <p className={styles["status"]} role="status">
        {status}
      </p>
      {problems.length > 0 && (
        <ul>
          {problems.map((problem) => (
            <li key={JSON.stringify(problem)}>
              <button type="button" className={styles["row"]} onClick={() => onGo(problem)}>
                {problem.severity === "error" ? (
                  <CircleAlert size={16} className={styles["error"]} aria-label="Error" />
                ) : (
                  <TriangleAlert size={16} className={styles["warning"]} aria-label="Warning" />
                )}
                <span className={styles["place"]}>
                  {files[problem.file]}
                  {problem.line !== null && ` ${problem.line}:${problem.column ?? 1}`}
                </span>
                <span className={styles["message"]}>
                  {problem.field !== null && <code>{problem.field}</code>} {problem.message}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** In a few words: how many of which. */
export function countWords(problems: readonly DraftProblem[]): string {
  const errors = problems.filter(({ severity }) => severity === "error").length;
  const warnings = problems.length - errors;
  const words = [
    errors > 0 && `${errors} ${errors === 1 ? "error" : "errors"}`,
    warnings > 0 && `${warnings} ${warnings === 1 ? "warning" : "warnings"}`,
  ].filter((part) => part !== false);
  return words.length === 0 ? "No problems found" : words.join(", ");
}
