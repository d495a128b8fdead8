import type { FieldChange, Json } from "@assay/contract";
import styles from "./change-list.module.css";

/** What a change took out and put in, field by field. */
export function ChangeList({ changes }: { readonly changes: readonly FieldChange[] }) {
  if (changes.length === 0) return null;
  return (
    <table className={styles["changes"]}>
      <caption className={styles["spoken"]}>What was changed</caption>
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ field, before, after }) => (
          <tr key={field}>
            <th scope="row">{field}</th>
            <td className={before === null ? styles["none"] : styles["removed"]}>{valueText(before)}</td>
            <td className={after === null ? styles["none"] : styles["added"]}>{valueText(after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function valueText(value: Json): string {
  if (value === null) return "–";
  if (value === "") return "(empty)";
  return typeof value === "string" ? value : JSON.stringify(value);
}
