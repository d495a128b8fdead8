import type { Source } from "@assay/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { sourceVersionsQuery } from "../../api/sources.ts";
import { LoadMore } from "../../components/load-more.tsx";
import { Mono } from "../../components/mono.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { Tag } from "../../components/tag.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import styles from "./source-versions.module.css";

export function SourceVersions({ source }: { readonly source: Source }) {
  const query = useInfiniteQuery(sourceVersionsQuery(source.id));
  if (query.isError) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <SkeletonRows count={3} label="Loading versions" />;
  return (
    <div className={styles["list"]}>
      <ul aria-label="Versions">
        {query.data.pages
          .flatMap((page) => page.items)
          .map((version) => (
            <li key={version.id} className={styles["row"]}>
              <span className={styles["number"]}>{version.number}</span>
              <Mono text={version.codeHash} />
              <span className={styles["aside"]}>{version.createdUserId === null ? "catalogue" : "edited"}</span>
              <span className={styles["aside"]}>
                <TimeAgo time={version.createdAt} />
              </span>
              <span>{version.id === source.versionId && <Tag>In use</Tag>}</span>
            </li>
          ))}
      </ul>
      <LoadMore query={query} />
    </div>
  );
}
