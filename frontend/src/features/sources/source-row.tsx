import type { SourceSummary } from "@assay/contract";
import { indicatorKindInfo } from "@assay/indicators";
import { Link } from "@tanstack/react-router";
import { paths } from "../../api/paths.ts";
import { exposureWords, languageWords, reliabilityWords } from "./source-words.ts";
import styles from "./source-list.module.css";

interface SourceRowProps {
  readonly source: SourceSummary;
  readonly narrow: boolean;
  readonly selected: boolean;
}

export function SourceRow({ source, narrow, selected }: SourceRowProps) {
  const kinds = source.supportedIndicators.map((kind) => indicatorKindInfo(kind).label);
  const on = source.enabled && source.provider.enabled;
  return (
    <li className={styles["item"]}>
      <Link
        to={paths.source}
        params={{ slug: source.slug }}
        search={(before) => before}
        className={[styles["row"], selected ? styles["selected"] : "", on ? "" : styles["off"]].join(" ")}
        aria-current={selected ? "page" : undefined}
      >
        <span className={styles["name"]}>{source.name}</span>
        {!narrow && (
          <>
            <span className={styles["provider"]}>{source.provider.name}</span>
            <span className={styles["language"]}>{languageWords[source.language]}</span>
            <span className={styles["kinds"]} title={kinds.join(", ")}>
              {kinds.join(", ")}
            </span>
            <span className={styles["exposure"]} title={exposureWords[source.exposure]}>
              {source.exposure}
            </span>
            <span className={styles["reliability"]} title={reliabilityWords[source.reliability]}>
              {source.reliability}
            </span>
          </>
        )}
        <span className={styles["state"]}>{on ? "on" : "off"}</span>
      </Link>
    </li>
  );
}
