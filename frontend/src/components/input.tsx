import { ChevronDown } from "lucide-react";
import type { InputHTMLAttributes, Ref, SelectHTMLAttributes } from "react";
import styles from "./input.module.css";

interface InputProps extends InputHTMLAttributes<HTMLInputElement> {
  /** For indicators, ids and numbers. */
  readonly mono?: boolean;
  readonly ref?: Ref<HTMLInputElement>;
}

export function Input({ mono = false, ...rest }: InputProps) {
  return <input {...rest} className={[styles["control"], mono ? styles["mono"] : "", rest.className].join(" ")} />;
}

/** The browser's own select: the best one on a telephone and for a screen reader. */
export function Select(props: SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <span className={styles["select"]}>
      <select {...props} className={styles["control"]} />
      <ChevronDown size={16} aria-hidden className={styles["chevron"]} />
    </span>
  );
}
