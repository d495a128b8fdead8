import type { Source, SourceVersion } from "@assay/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { sourceVersionsQuery } from "../../api/sources.ts";
import { Button } from "../../components/button.tsx";
import { Mono } from "../../components/mono.tsx";
import { RowList, rowsOf } from "../../components/row-list.tsx";
import { Tag } from "../../components/tag.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { VersionComparison } from "./version-comparison.tsx";
import styles from "./source-versions.module.css";

/** A source's versions; one that is picked is compared with the one in use. */
export function SourceVersions({ source }: { readonly source: Source }) {
  const query = useInfiniteQuery(sourceVersionsQuery(source.id));
  const [picked, setPicked] = useState<SourceVersion | null>(null);
  return (
    <div className={styles["versions"]}>
      <RowList noun="versions" query={query} rows={rowsOf(query)} loadingCount={3}>
        {(version) => (
          <li key={version.id} className={[styles["row"], version.id === picked?.id ? styles["picked"] : ""].join(" ")}>
            <span className={styles["number"]}>{version.number}</span>
            <Mono text={version.codeHash} />
            <span className={styles["aside"]}>{version.createdUserId === null ? "catalogue" : "edited"}</span>
            <span className={styles["aside"]}>
              <TimeAgo time={version.createdAt} />
            </span>
            <span className={styles["act"]}>
              {version.id === source.versionId ? (
                <Tag>In use</Tag>
              ) : (
                <Button
                  size="s"
                  aria-pressed={version.id === picked?.id}
                  aria-label={`Compare version ${version.number}`}
                  onClick={() => setPicked(version.id === picked?.id ? null : version)}
                >
                  Compare
                </Button>
              )}
            </span>
          </li>
        )}
      </RowList>
      {picked !== null && <VersionComparison key={picked.id} source={source} version={picked} />}
    </div>
  );
}
