import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import type { Provider, Source } from "@assay/contract";
import { useMay } from "../../api/auth.ts";
import { providersQuery } from "../../api/providers.ts";
import { sourceQuery } from "../../api/sources.ts";
import { Notice } from "../../components/notice.tsx";
import { Page } from "../../components/page.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { draftOf } from "../../features/sources/edit/draft.ts";
import { SourceEditor } from "../../features/sources/edit/source-editor.tsx";
import { renderTestResult } from "./render-test-result.tsx";

export function EditSourcePage() {
  const { slug } = useParams({ from: "/signed-in/sources/$slug/edit" });
  const mayWrite = useMay("sources:write");
  const query = useQuery(sourceQuery(slug));
  const providers = useQuery(providersQuery);
  const missing = !query.data ? query : !providers.data ? providers : null;
  return (
    <Page title={query.data ? `Edit ${query.data.name}` : "Edit source"}>
      {!mayWrite && (
        <Notice tone="warning" title="You may not edit sources">
          Ask an administrator for a role that allows it.
        </Notice>
      )}
      {mayWrite && missing?.isError && (
        <ProblemNotice
          error={missing.error}
          title="The source cannot be edited"
          onRetry={() => void missing.refetch()}
        />
      )}
      {mayWrite && missing?.isPending && <Skeleton height="480px" />}
      {mayWrite && query.data && providers.data && (
        <Loaded key={query.data.id} source={query.data} providers={providers.data} />
      )}
    </Page>
  );
}

function Loaded({ source, providers }: { readonly source: Source; readonly providers: readonly Provider[] }) {
  const [initial] = useState(() => draftOf(source));
  return (
    <SourceEditor
      source={source}
      initial={initial}
      providers={providers}
      renderTestResult={renderTestResult}
      onCreated={() => undefined}
    />
  );
}
