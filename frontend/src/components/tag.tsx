import type { ReactNode } from "react";
import styles from "./tag.module.css";

/** A small word about a thing: a kind, a language, a marking. */
export function Tag({ children, title }: { readonly children: ReactNode; readonly title?: string | undefined }) {
  return (
    <span className={styles["tag"]} title={title}>
      {children}
    </span>
  );
}
