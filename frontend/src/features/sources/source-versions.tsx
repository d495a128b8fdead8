import type { Source, SourceVersion } from "@assay/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { sourceVersionsQuery } from "../../api/sources.ts";
import { Button } from "../../components/button.tsx";
import { LoadMore } from "../../components/load-more.tsx";
import { Mono } from "../../components/mono.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { Tag } from "../../components/tag.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { VersionComparison } from "./version-comparison.tsx";
import styles from "./source-versions.module.css";

/** A source's versions; one that is picked is compared with the one in use. */
export function SourceVersions({ source }: { readonly source: Source }) {
  const query = useInfiniteQuery(sourceVersionsQuery(source.id));
  const [picked, setPicked] = useState<SourceVersion | null>(null);
  if (query.isError) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <SkeletonRows count={3} label="Loading versions" />;
  return (
    <div className={styles["versions"]}>
      <div className={styles["list"]}>
        <ul aria-label="Versions">
          {query.data.pages
            .flatMap((page) => page.items)
            .map((version) => (
              <li
                key={version.id}
                className={[styles["row"], version.id === picked?.id ? styles["picked"] : ""].join(" ")}
              >
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
            ))}
        </ul>
        <LoadMore query={query} />
      </div>
      {picked !== null && <VersionComparison key={picked.id} source={source} version={picked} />}
    </div>
  );
}
