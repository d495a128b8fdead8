import type { TextareaHTMLAttributes } from "react";
import styles from "./text-area.module.css";

/** Several lines of monospaced text. */
export function TextArea(props: TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return <textarea spellCheck={false} autoCapitalize="none" {...props} className={styles["area"]} />;
}
