import type { DroppedText } from "@assay/indicators";
import styles from "./extract-panel.module.css";

const rowsMax = 200;

/** What looked like an indicator and was not taken for one, with the reason. */
export function DroppedList({ dropped, more }: { readonly dropped: readonly DroppedText[]; readonly more: number }) {
  if (dropped.length === 0) return null;
  const hidden = dropped.length - rowsMax + more;
  return (
    <details className={styles["dropped"]}>
      <summary>{dropped.length + more} not taken for indicators</summary>
      <ul className={styles["list"]} aria-label="Not taken for indicators">
        {dropped.slice(0, rowsMax).map(({ raw, offset, reason }) => (
          <li key={offset} className={styles["drop"]}>
            <code>{raw}</code>
            <span>{reason}</span>
          </li>
        ))}
      </ul>
      {hidden > 0 && <p>{hidden} more are not shown.</p>}
    </details>
  );
}
