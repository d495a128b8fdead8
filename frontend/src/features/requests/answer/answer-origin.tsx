import type { SourceSnapshot } from "@assay/contract";
import styles from "./answer-origin.module.css";

const languages = { JAVASCRIPT: "JavaScript", PYTHON: "Python" } as const;

const reliabilities = {
  A: "completely reliable",
  B: "usually reliable",
  C: "fairly reliable",
  D: "not usually reliable",
  E: "unreliable",
  F: "not judged",
} as const;

const exposures = {
  local: "local: nothing leaves this server",
  passive: "passive: a third party sees the question",
  active: "active: the target may see it",
  public: "public: the question is published",
} as const;

/** Who answered: provider, language, how far it is trusted and what asking it gave away. */
export function AnswerOrigin({ source }: { readonly source: SourceSnapshot }) {
  return (
    <p className={styles["origin"]}>
      <span>{source.provider.name}</span>
      <span>{languages[source.language]}</span>
      <span title={`Reliability ${source.reliability}: ${reliabilities[source.reliability]}`}>
        reliability {source.reliability}
      </span>
      <span title={exposures[source.exposure]}>{source.exposure}</span>
    </p>
  );
}
