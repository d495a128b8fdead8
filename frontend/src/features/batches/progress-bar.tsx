import type { Batch } from "@assay/contract";
import { count } from "./batch-words.ts";
import styles from "./progress-bar.module.css";

/** How much of a batch is done, in the colours of what came of it. */
export function ProgressBar({ batch: { counts, verdicts } }: { readonly batch: Batch }) {
  const asked = Math.max(1, counts.total - counts.ignored);
  const ended = counts.done + counts.failed;
  // Of what failed, some have a verdict of unknown: they are shown as failed alone.
  const unknown = Math.max(0, counts.done - verdicts.malicious - verdicts.suspicious - verdicts.benign);
  const parts = [
    ["malicious", verdicts.malicious],
    ["suspicious", verdicts.suspicious],
    ["benign", verdicts.benign],
    ["unknown", unknown],
    ["failed", counts.failed],
  ] as const;
  return (
    <span
      className={styles["bar"]}
      role="progressbar"
      aria-label="Looked up"
      aria-valuemin={0}
      aria-valuemax={asked}
      aria-valuenow={ended}
      aria-valuetext={`${count(ended)} of ${count(asked)}`}
    >
      {parts.map(([name, number]) => (
        <span key={name} className={styles[name]} style={{ width: `${(100 * number) / asked}%` }} />
      ))}
    </span>
  );
}
