import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { useMay } from "../../api/auth.ts";
import { ignoreListQuery } from "../../api/ignore-lists.ts";
import { paths } from "../../api/paths.ts";
import { Notice } from "../../components/notice.tsx";
import { Page } from "../../components/page.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { ListDetail } from "../../features/ignore-lists/list-detail.tsx";
import styles from "./ignore-list-page.module.css";

export function IgnoreListPage() {
  const { slug } = useParams({ from: "/signed-in/ignore-lists/$slug" });
  const navigate = useNavigate();
  const mayRead = useMay("ignoreLists:read");
  const query = useQuery({ ...ignoreListQuery(slug), enabled: mayRead });
  if (!mayRead) {
    return (
      <Page title="Ignore list">
        <Notice tone="info" title="You may not see ignore lists">
          <p>Analysts and source authors may. Ask an administrator for one of these roles.</p>
        </Notice>
      </Page>
    );
  }
  return (
    <Page title={query.data?.name ?? "Ignore list"}>
      <Link to={paths.ignoreLists} className={styles["back"]}>
        <ArrowLeft size={16} aria-hidden /> All ignore lists
      </Link>
      {query.isError && (
        <ProblemNotice error={query.error} title="The list cannot be shown" onRetry={() => void query.refetch()} />
      )}
      {query.isPending && (
        <>
          <Skeleton width="240px" height="28px" />
          <Skeleton height="140px" />
        </>
      )}
      {query.data && (
        <ListDetail
          key={query.data.id}
          list={query.data}
          onDeleted={() => void navigate({ to: paths.ignoreLists, replace: true })}
        />
      )}
    </Page>
  );
}
