import { indicatorKindInfo, type IndicatorKind } from "@assay/indicators";
import { IndicatorLink } from "../indicator-link.tsx";
import styles from "./examples.module.css";

/** Harmless, and each shows something: a known resolver, a look-alike name, the empty file. */
const examples: readonly (readonly [IndicatorKind, string])[] = [
  ["IPV4", "8.8.8.8"],
  ["DOMAIN", "xn--pple-43d.com"],
  ["SHA256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
];

/** Three indicators to try. */
export function Examples() {
  return (
    <div className={styles["examples"]}>
      <span>Try</span>
      <ul>
        {examples.map(([kind, data]) => (
          <li key={data}>
            <IndicatorLink kind={kind} data={data} className={styles["example"]} />
            <span className={styles["kind"]}>{indicatorKindInfo(kind).label}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
