import type { AnswerProblem } from "@assay/contract";
import { problemAdvice, problemDetail, problemShort } from "./problem-words.ts";
import styles from "./problems.module.css";

/** Why there is no answer: what happened, the details, and what to do. */
export function Problems({ problems }: { readonly problems: readonly AnswerProblem[] }) {
  if (problems.length === 0) return null;
  return (
    <ul className={styles["list"]} aria-label="Problems">
      {problems.map((problem) => (
        <li key={problem.code + problem.message} className={styles["problem"]}>
          <p className={styles["title"]}>
            {capital(problemShort(problem))} <code className={styles["code"]}>{problem.code}</code>
          </p>
          {problem.message !== "" && <p className={styles["message"]}>{problem.message}</p>}
          {problemDetail(problem) !== "" && <p className={styles["details"]}>{problemDetail(problem)}</p>}
          <p>{problemAdvice(problem)}</p>
        </li>
      ))}
    </ul>
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
