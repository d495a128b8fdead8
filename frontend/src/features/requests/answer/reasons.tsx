import type { Opinion, Reason } from "@assay/contract";
import { Mark } from "../../../components/mark.tsx";
import styles from "./reasons.module.css";

export function Reasons({ reasons, opinion }: { readonly reasons: readonly Reason[]; readonly opinion: Opinion }) {
  if (reasons.length === 0) return null;
  return (
    <ul className={styles["list"]} aria-label="Reasons">
      {reasons.map((reason) => (
        <li key={reason.code + reason.text}>
          <Mark name={opinion} sizePx={12} />
          <span>
            {reason.text}
            {reason.threshold !== undefined && (
              <span className={styles["threshold"]}> threshold {reason.threshold}</span>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
