import type { CacheState } from "@assay/contract";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useMay } from "../../api/auth.ts";
import { cacheQuery, type EntryFilter } from "../../api/cache.ts";
import { bytesWords } from "../../components/bytes.ts";
import { Notice } from "../../components/notice.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { CacheEntries } from "./cache-entries.tsx";
import { CacheUses } from "./cache-uses.tsx";
import styles from "./cache.module.css";

/** How the cache stands, how it is used, and what is in it. */
export function Cache() {
  const mayRead = useMay("cache:read");
  const query = useQuery({ ...cacheQuery, enabled: mayRead });
  const [filter, setFilter] = useState<EntryFilter>({});
  if (!mayRead) {
    return (
      <Notice tone="info" title="You may not see the cache">
        <p>It tells what others have looked up. Administrators see it and clear it.</p>
      </Notice>
    );
  }
  return (
    <>
      {query.isError && <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && query.data.trouble !== null && (
        <Notice tone="warning" title="Answers are neither kept nor shared between nodes at the moment">
          <p>Redis cannot be used: {query.data.trouble}. Every lookup asks its sources meanwhile.</p>
        </Notice>
      )}
      {query.isPending ? <Skeleton height="84px" /> : query.data && <Figures state={query.data} />}
      <CacheUses state={query.data} onChoose={(sourceId) => setFilter({ sourceId })} />
      <CacheEntries filter={filter} onFilter={setFilter} sources={query.data?.sources ?? []} />
    </>
  );
}

function Figures({ state }: { readonly state: CacheState }) {
  const { driver, entries, usedBytes, usedBytesMax, sources } = state;
  const given = sources.reduce((sum, { hits, stale, coalesced }) => sum + hits + stale + coalesced, 0);
  const asked = given + sources.reduce((sum, { misses }) => sum + misses, 0);
  const memory =
    usedBytes === null
      ? "Not known"
      : `${bytesWords(usedBytes)}${usedBytesMax ? ` of ${bytesWords(usedBytesMax)}` : ""}`;
  const figures = [
    ["Kept in", driver === "redis" ? "Redis, for all nodes" : "Memory of this node"],
    ["Answers", entries === null ? "Not known" : entries.toLocaleString("en")],
    [driver === "redis" ? "Memory of Redis" : "Memory", memory],
    ["Not asked again", asked === 0 ? "Nothing asked yet" : `${Math.round((100 * given) / asked)} %`],
  ] as const;
  return (
    <dl className={styles["figures"]}>
      {figures.map(([words, figure]) => (
        <div key={words}>
          <dt>{words}</dt>
          <dd>{figure}</dd>
        </div>
      ))}
    </dl>
  );
}
