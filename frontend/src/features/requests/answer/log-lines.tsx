import type { LogLine } from "@assay/contract";
import styles from "./log-lines.module.css";

export function LogLines({ lines }: { readonly lines: readonly LogLine[] }) {
  return (
    <ol className={styles["lines"]} aria-label="Logs">
      {lines.map((line, at) => (
        <li key={`${at} ${line.atMs}`} className={styles[line.level]}>
          <span className={styles["at"]}>{Math.round(line.atMs)} ms</span>
          <span className={styles["level"]}>{line.level}</span>
          <span>{line.text}</span>
        </li>
      ))}
    </ol>
  );
}
