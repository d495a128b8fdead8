import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useMay } from "../../api/auth.ts";
import { paths } from "../../api/paths.ts";
import { sourcesQuery } from "../../api/sources.ts";
import { buttonClass } from "../../components/button.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Head } from "../../components/head.tsx";
import { Page } from "../../components/page.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { useWide } from "../../components/use-wide.ts";
import { filterSources } from "../../features/sources/filter-sources.ts";
import { SourceFilters } from "../../features/sources/source-filters.tsx";
import { SourceList } from "../../features/sources/source-list.tsx";
import { sourcesSearch } from "../search.ts";
import styles from "./sources-page.module.css";

/** All sources; an open one stands beside the list where there is room, and instead of it where there is none. */
export function SourcesPage() {
  const filter = useSearch({ from: "/signed-in/sources" });
  const { slug } = useParams({ strict: false });
  const navigate = useNavigate();
  const wide = useWide();
  const mayWrite = useMay("sources:write");
  const query = useQuery(sourcesQuery);
  if (slug !== undefined && !wide) return <Outlet />;
  const all = query.data ?? [];
  const found = filterSources(all, filter);
  return (
    <div className={slug === undefined ? undefined : styles["both"]}>
      <div className={slug === undefined ? undefined : styles["side"]}>
        <Page title="Sources">
          {slug === undefined ? (
            <Head
              level={1}
              title="Sources"
              about={query.isSuccess && summary(all.length, all.filter((source) => source.enabled).length)}
              actions={
                mayWrite && (
                  <Link to={paths.sourceNew} className={buttonClass({ variant: "primary" })}>
                    <Plus size={16} aria-hidden /> New source
                  </Link>
                )
              }
            />
          ) : (
            <h2>Sources</h2>
          )}
          <SourceFilters
            filter={filter}
            onFilter={(next) =>
              void navigate({
                to: slug === undefined ? paths.sources : paths.source,
                ...(slug === undefined ? {} : { params: { slug } }),
                search: sourcesSearch({ ...next }),
                replace: true,
              })
            }
          />
          {query.isError && <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />}
          {query.isPending && <SkeletonRows count={9} label="Loading sources" />}
          {query.isSuccess && found.length === 0 && (
            <EmptyState title="No source fits">
              <p>{all.length === 0 ? "There is no source yet." : "Clear the filters to see all of them."}</p>
            </EmptyState>
          )}
          {found.length > 0 && <SourceList sources={found} openSlug={slug} />}
        </Page>
      </div>
      <Outlet />
    </div>
  );
}

function summary(count: number, enabledCount: number): string {
  return count === enabledCount ? `${count}, all of them on` : `${count}, ${enabledCount} of them on`;
}
