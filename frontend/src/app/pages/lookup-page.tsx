import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useMay } from "../../api/auth.ts";
import { paths } from "../../api/paths.ts";
import { Page } from "../../components/page.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { DecideButton } from "../../features/decisions/decide-button.tsx";
import { DecisionSince } from "../../features/decisions/decision-since.tsx";
import { LookupHead } from "../../features/requests/lookup/lookup-head.tsx";
import { LookupResult } from "../../features/requests/lookup/lookup-result.tsx";
import { LookupSkeleton } from "../../features/requests/lookup/lookup-skeleton.tsx";
import { useAnnounceVerdict } from "../../features/requests/lookup/use-announce-verdict.ts";
import { useLookup } from "../../features/requests/view/use-lookup.ts";

export function LookupPage() {
  const { id } = useParams({ from: "/signed-in/lookups/$id" });
  return <LookupById key={id} id={id} />;
}

function LookupById({ id }: { readonly id: string }) {
  const { source } = useSearch({ from: "/signed-in/lookups/$id" });
  const navigate = useNavigate();
  const { query, connection } = useLookup(id);
  const mayRun = useMay("requests:run");
  useAnnounceVerdict(query.data);

  const open = (slug: string | undefined): void =>
    void navigate({
      to: paths.lookup,
      params: { id },
      search: slug === undefined ? {} : { source: slug },
      replace: true,
      resetScroll: false,
    });
  const view = query.data;
  return (
    <Page title={view?.request.data ?? "Lookup"}>
      {query.isError && view === undefined && (
        <ProblemNotice error={query.error} title="The lookup cannot be shown" onRetry={() => void query.refetch()} />
      )}
      {query.isPending && <LookupSkeleton />}
      {view && (
        <>
          <LookupHead request={view.request} mayRun={mayRun} decide={<DecideButton request={view.request} />} />
          <DecisionSince request={view.request} />
          <LookupResult view={view} connection={connection} openSlug={source} onOpen={open} />
        </>
      )}
    </Page>
  );
}
