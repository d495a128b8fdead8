import { Lock } from "lucide-react";
import styles from "./private-sign.module.css";

/** A lock: not everyone sees this lookup. */
export function PrivateSign() {
  return (
    <span className={styles["sign"]} role="img" aria-label="Private" title="Private: not everyone sees it">
      <Lock size={13} aria-hidden />
    </span>
  );
}
