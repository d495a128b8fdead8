import type { BatchItemFilter } from "@assay/contract";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useQuery } from "@tanstack/react-query";
import { meQuery, useMay } from "../../api/auth.ts";
import { exportBatchAddress } from "../../api/batches.ts";
import { paths } from "../../api/paths.ts";
import { Page } from "../../components/page.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { BatchDropped } from "../../features/batches/batch-dropped.tsx";
import { BatchForecast } from "../../features/batches/batch-forecast.tsx";
import { BatchHead } from "../../features/batches/batch-head.tsx";
import { BatchItems } from "../../features/batches/batch-items.tsx";
import { BatchProgress } from "../../features/batches/batch-progress.tsx";
import { BatchRest } from "../../features/batches/batch-rest.tsx";
import { nameOf } from "../../features/batches/batch-words.ts";
import { useBatch } from "../../features/batches/use-batch.ts";
import { ExportMenu } from "../../features/requests/export/export-menu.tsx";
import { batchSearch } from "../search.ts";

export function BatchPage() {
  const { id } = useParams({ from: "/signed-in/batches/$id" });
  const filter = useSearch({ from: "/signed-in/batches/$id" });
  const navigate = useNavigate();
  const query = useBatch(id);
  const me = useQuery(meQuery).data?.user;
  const mayRun = useMay("requests:run");
  const mayChangeAll = useMay("requests:readAll");
  const batch = query.data;
  const narrow = (next: BatchItemFilter): void =>
    void navigate({
      to: paths.batch,
      params: { id },
      search: batchSearch({ ...next }),
      replace: true,
      resetScroll: false,
    });
  return (
    <Page title={batch ? nameOf(batch) : "Batch"}>
      {query.isError && batch === undefined && (
        <ProblemNotice error={query.error} title="The batch cannot be shown" onRetry={() => void query.refetch()} />
      )}
      {query.isPending && <SkeletonRows count={8} label="Loading the batch" />}
      {batch && (
        <>
          <BatchHead
            batch={batch}
            mayChange={mayRun && (mayChangeAll || batch.userId === me?.id)}
            exportMenu={<ExportMenu align="start" addressOf={(format) => exportBatchAddress(id, filter, format)} />}
            onDeleted={() => void navigate({ to: paths.batches })}
          />
          {batch.status === "ready" ? (
            <BatchForecast batch={batch} />
          ) : (
            <BatchProgress batch={batch} filter={filter} onFilter={narrow} />
          )}
          {(batch.status === "running" || batch.status === "paused") && <BatchRest id={id} />}
          <BatchDropped batch={batch} />
          <BatchItems batch={batch} filter={filter} onFilter={narrow} />
        </>
      )}
    </Page>
  );
}
