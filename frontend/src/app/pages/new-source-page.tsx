import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { useState } from "react";
import { useMay } from "../../api/auth.ts";
import { paths } from "../../api/paths.ts";
import { providersQuery } from "../../api/providers.ts";
import { Head } from "../../components/head.tsx";
import { Notice } from "../../components/notice.tsx";
import { Page } from "../../components/page.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import type { Draft } from "../../features/sources/edit/draft.ts";
import { NewSourceForm } from "../../features/sources/edit/new-source-form.tsx";
import { SourceEditor } from "../../features/sources/edit/source-editor.tsx";
import { renderTestResult } from "./render-test-result.tsx";
import styles from "./source-page.module.css";

/** First what the source is, then its code; it is stored with the first save. */
export function NewSourcePage() {
  const mayWrite = useMay("sources:write");
  const navigate = useNavigate();
  const providers = useQuery(providersQuery);
  const [draft, setDraft] = useState<Draft | null>(null);
  if (!mayWrite) {
    return (
      <Page title="New source">
        <Notice tone="warning" title="You may not add sources">
          Ask an administrator for a role that allows it.
        </Notice>
      </Page>
    );
  }
  return (
    <Page title="New source">
      {draft === null && (
        <>
          <Link to={paths.sources} className={styles["back"]}>
            <ArrowLeft size={16} aria-hidden /> All sources
          </Link>
          <Head
            level={1}
            title="New source"
            about="It begins with a template to change. Nothing asks it before you save it."
          />
        </>
      )}
      {providers.isError && <ProblemNotice error={providers.error} onRetry={() => void providers.refetch()} />}
      {providers.isPending && <Skeleton height="320px" />}
      {providers.data && draft === null && <NewSourceForm providers={providers.data} onStart={setDraft} />}
      {providers.data && draft !== null && (
        <SourceEditor
          source={null}
          initial={draft}
          providers={providers.data}
          renderTestResult={renderTestResult}
          onCreated={({ slug }) =>
            void navigate({ to: paths.sourceEdit, params: { slug }, replace: true, ignoreBlocker: true })
          }
        />
      )}
    </Page>
  );
}
