import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { paths } from "../../../api/paths.ts";
import { requestsQuery } from "../../../api/requests.ts";
import { EmptyState } from "../../../components/empty-state.tsx";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import rows from "../../../components/rows.module.css";
import { Section } from "../../../components/section.tsx";
import { SkeletonRows } from "../../../components/skeleton.tsx";
import { LookupRow } from "../list/lookup-row.tsx";

const rowsMax = 8;

export function RecentLookups() {
  const query = useInfiniteQuery(requestsQuery({}, rowsMax));
  const recent = query.data?.pages[0]?.items ?? [];
  return (
    <Section title="Recent lookups" actions={recent.length > 0 && <Link to={paths.lookups}>All lookups</Link>}>
      {query.isError && (
        <ProblemNotice
          error={query.error}
          title="Recent lookups cannot be shown"
          onRetry={() => void query.refetch()}
        />
      )}
      {!query.isError && (
        <div className={rows["list"]}>
          {query.isPending && <SkeletonRows count={4} label="Loading recent lookups" />}
          {query.isSuccess && recent.length === 0 && <FirstRun />}
          <ul>
            {recent.map((request) => (
              <LookupRow key={request.id} request={request} selected={false} />
            ))}
          </ul>
        </div>
      )}
    </Section>
  );
}

function FirstRun() {
  return (
    <EmptyState title="Nothing has been looked up yet">
      <p>
        Paste an indicator above, defanged or not, or take one of the examples. Every source is asked at once, and the
        answers arrive here as they come. <Link to={paths.sources}>See which sources there are</Link>.
      </p>
    </EmptyState>
  );
}
