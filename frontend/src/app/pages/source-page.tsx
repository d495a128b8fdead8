import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { paths } from "../../api/paths.ts";
import { sourceQuery } from "../../api/sources.ts";
import { Page } from "../../components/page.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { useWide } from "../../components/use-wide.ts";
import { SourceQuota } from "../../features/secrets/source-quota.tsx";
import { SourceSecrets } from "../../features/secrets/source-secrets.tsx";
import { SourceDetail } from "../../features/sources/source-detail.tsx";
import { renderTestResult } from "./render-test-result.tsx";
import styles from "./source-page.module.css";

export function SourcePage() {
  const { slug } = useParams({ from: "/signed-in/sources/$slug" });
  const wide = useWide();
  const query = useQuery(sourceQuery(slug));
  return (
    <Page title={query.data?.name ?? "Source"}>
      {!wide && (
        <Link to={paths.sources} search={(before) => before} className={styles["back"]}>
          <ArrowLeft size={16} aria-hidden /> All sources
        </Link>
      )}
      {query.isError && (
        <ProblemNotice error={query.error} title="The source cannot be shown" onRetry={() => void query.refetch()} />
      )}
      {query.isPending && (
        <>
          <Skeleton width="240px" height="28px" />
          <Skeleton height="140px" />
          <Skeleton height="420px" />
        </>
      )}
      {query.data && (
        <SourceDetail
          key={query.data.id}
          source={query.data}
          secrets={
            <>
              <SourceSecrets source={query.data} />
              <SourceQuota source={query.data} />
            </>
          }
          renderTestResult={renderTestResult}
        />
      )}
    </Page>
  );
}
