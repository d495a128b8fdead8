import type { Opinion, Outcome, VerdictWord } from "@assay/contract";
import styles from "./mark.module.css";

/** Everything that has a shape of its own: verdicts are filled, what is not a verdict is hatched or outlined. */
export type MarkName =
  | VerdictWord
  | Opinion
  | Exclude<Outcome, "ok">
  /** Asked, and still out. */
  | "running"
  /** The lookup ended before an answer was stored. */
  | "unanswered";

export const markWords: Readonly<Record<MarkName, string>> = {
  malicious: "Malicious",
  suspicious: "Suspicious",
  benign: "Benign",
  unknown: "Unknown",
  none: "No opinion",
  not_found: "No record",
  failed: "Failed",
  skipped: "Skipped",
  running: "Asking",
  unanswered: "No answer",
};

/** The shape alone. The word stands beside it wherever it is used, so it is hidden from screen readers. */
export function Mark({ name, sizePx = 16 }: { readonly name: MarkName; readonly sizePx?: number }) {
  return (
    <svg
      className={[styles["mark"], styles[name]].join(" ")}
      width={sizePx}
      height={sizePx}
      viewBox="0 0 16 16"
      aria-hidden="true"
    >
      <MarkShape name={name} />
    </svg>
  );
}

function MarkShape({ name }: { readonly name: MarkName }) {
  switch (name) {
    case "malicious":
      return (
        <>
          <path className={styles["body"]} d="M5 .8h6L15.2 5v6L11 15.2H5L.8 11V5z" />
          <path className={styles["cut"]} d="m5.4 5.4 5.2 5.2m0-5.2-5.2 5.2" />
        </>
      );
    case "suspicious":
      return (
        <>
          <path className={styles["body"]} d="M8 1.2 15.4 14.4H.6z" />
          <path className={styles["cut"]} d="M8 6v4.2m0 1.7v.6" />
        </>
      );
    case "benign":
      return (
        <>
          <circle className={styles["body"]} cx="8" cy="8" r="7.2" />
          <path className={styles["cut"]} d="m4.8 8.2 2.2 2.3 4.2-4.6" />
        </>
      );
    case "unknown":
      return (
        <>
          <circle className={styles["ring"]} cx="8" cy="8" r="6.4" />
          <path className={styles["line"]} d="M5.2 8h5.6" />
        </>
      );
    case "none":
      return <circle className={styles["body"]} cx="8" cy="8" r="4" />;
    case "not_found":
    case "unanswered":
      return <circle className={styles["ring"]} cx="8" cy="8" r="4.2" />;
    case "failed":
      return (
        <>
          <path className={styles["ring"]} d="M1.8 1.8h12.4v12.4H1.8z" />
          <path className={styles["line"]} d="M2 7 7 2M2 12.4 12.4 2M4.6 14 14 4.6M9.6 14 14 9.6" />
        </>
      );
    case "skipped":
      return <path className={styles["dashed"]} d="M1.8 1.8h12.4v12.4H1.8z" />;
    case "running":
      return (
        <>
          <circle className={styles["track"]} cx="8" cy="8" r="6" />
          <path className={styles["arc"]} d="M8 2a6 6 0 0 1 6 6" />
        </>
      );
  }
}
