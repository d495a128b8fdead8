import type { SourceTestResult } from "@assay/contract";
import { indicatorKindInfo } from "@assay/indicators";
import type { ReactNode } from "react";
import { Mark, markWords } from "../../components/mark.tsx";
import { Mono } from "../../components/mono.tsx";
import styles from "./try-source.module.css";

interface TryResultProps {
  readonly result: SourceTestResult;
  /** The answer itself. */
  readonly children: ReactNode;
}

/** What came of a run: its outcome in a word, what it was asked about, and the answer. */
export function TryResult({ result, children }: TryResultProps) {
  const mark = result.outcome === "ok" ? result.verdict : result.outcome;
  return (
    <section className={styles["result"]} aria-label="Result">
      <header className={styles["head"]}>
        <Mark name={mark} sizePx={20} />
        <h2>{markWords[mark]}</h2>
        <span className={styles["asked"]}>
          {indicatorKindInfo(result.indicator.kind).label} <Mono text={result.indicator.data} />
        </span>
      </header>
      {children}
    </section>
  );
}
