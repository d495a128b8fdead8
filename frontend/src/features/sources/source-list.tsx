import type { SourceSummary } from "@assay/contract";
import { SourceRow } from "./source-row.tsx";
import styles from "./source-list.module.css";

interface SourceListProps {
  readonly sources: readonly SourceSummary[];
  readonly openSlug: string | undefined;
}

/** Sources by name; beside an open source only what tells them apart. */
export function SourceList({ sources, openSlug }: SourceListProps) {
  const narrow = openSlug !== undefined;
  return (
    <div className={[styles["list"], narrow ? styles["narrow"] : ""].join(" ")}>
      {!narrow && (
        <div className={styles["head"]} aria-hidden="true">
          <span>Source</span>
          <span>Provider</span>
          <span>Language</span>
          <span>Kinds</span>
          <span>Exposure</span>
          <span title="Reliability, A to F">Rel.</span>
          <span>State</span>
        </div>
      )}
      <ul aria-label="Sources">
        {sources.map((source) => (
          <SourceRow key={source.id} source={source} narrow={narrow} selected={source.slug === openSlug} />
        ))}
      </ul>
    </div>
  );
}
