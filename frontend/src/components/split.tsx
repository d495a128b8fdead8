import type { ReactNode } from "react";
import styles from "./split.module.css";

interface SplitProps {
  readonly list: ReactNode;
  /** null: the list has the room. */
  readonly detail: ReactNode | null;
}

/** A list, and from 1100 px up what is open beside it. */
export function Split({ list, detail }: SplitProps) {
  return (
    <div className={[styles["split"], detail === null ? "" : styles["both"]].join(" ")}>
      <div className={styles["list"]}>{list}</div>
      {detail !== null && <aside className={styles["detail"]}>{detail}</aside>}
    </div>
  );
}
