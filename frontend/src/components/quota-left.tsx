import type { QuotaForecast } from "@assay/contract";
import styles from "./quota-left.module.css";

const number = new Intl.NumberFormat("en");

interface QuotaLeftProps {
  readonly quota: QuotaForecast | null;
  /** Calls that would be made. */
  readonly calls: number;
}

/** What is left of a quota that so many calls would be spent from. */
export function QuotaLeft({ quota, calls }: QuotaLeftProps) {
  if (!quota) return null;
  const { left, limit, per } = quota;
  if (left === null) return <span className={styles["left"]}>what is left of its quota is not known</span>;
  const of = limit === null || per === null ? "" : ` of ${number.format(limit)} per ${per}`;
  const words = `${number.format(left)}${of} left`;
  return left >= calls ? (
    <span className={styles["left"]}>{words}</span>
  ) : (
    <span className={styles["short"]}>not enough: {words}</span>
  );
}
