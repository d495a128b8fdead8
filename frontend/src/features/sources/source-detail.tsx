import type { Source, SourceTestResult } from "@assay/contract";
import type { ReactNode } from "react";
import { Tabs } from "radix-ui";
import { useMay } from "../../api/auth.ts";
import { CodeView } from "../../components/code-view.tsx";
import { CopyButton } from "../../components/copy-button.tsx";
import { Mono } from "../../components/mono.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import tabs from "../../components/tabs.module.css";
import { SourceActions } from "./edit/source-actions.tsx";
import { SourceAnswers } from "./source-answers.tsx";
import { SourceCache } from "./source-cache.tsx";
import { SourceHead } from "./source-head.tsx";
import { SourceManifestFacts } from "./source-manifest-facts.tsx";
import { SourceSettings } from "./source-settings.tsx";
import { SourceVersions } from "./source-versions.tsx";
import { TrySource } from "./try-source.tsx";
import styles from "./source-detail.module.css";

interface SourceDetailProps {
  readonly source: Source;
  /** Draws what a source answered when it was tried; answers are another feature's. */
  readonly renderTestResult: (result: SourceTestResult, provider: string) => ReactNode;
  /** Its secret slots; secrets are another feature's, too. */
  readonly secrets: ReactNode;
}

/** All about one source: what it is, its manifest, its code, its versions and what it answered lately. */
export function SourceDetail({ source, renderTestResult, secrets }: SourceDetailProps) {
  const mayWrite = useMay("sources:write");
  return (
    <article className={styles["detail"]} aria-label={source.name}>
      <SourceHead source={source} />
      {mayWrite && <SourceActions source={source} />}
      <SourceManifestFacts source={source} />
      <SourceCache source={source} />
      {secrets}
      <Tabs.Root defaultValue="code" className={styles["tabs"]}>
        <Tabs.List className={tabs["list"]} aria-label="More about the source">
          <Tabs.Trigger value="code" className={tabs["tab"]}>
            Code
          </Tabs.Trigger>
          <Tabs.Trigger value="answers" className={tabs["tab"]}>
            Recent answers
          </Tabs.Trigger>
          <Tabs.Trigger value="versions" className={tabs["tab"]}>
            Versions
          </Tabs.Trigger>
          {mayWrite && (
            <Tabs.Trigger value="settings" className={tabs["tab"]}>
              Settings
            </Tabs.Trigger>
          )}
          {mayWrite && (
            <Tabs.Trigger value="try" className={tabs["tab"]}>
              Try it
            </Tabs.Trigger>
          )}
        </Tabs.List>
        <Tabs.Content value="code" className={styles["code"]}>
          <div className={styles["codeHead"]}>
            <span>
              Version {source.versionNumber}, <TimeAgo time={source.updatedAt} />
            </span>
            <span className={styles["hash"]}>
              <Mono text={source.codeHash} />
            </span>
            <CopyButton text={source.code} what="code" worded />
          </div>
          <CodeView
            code={source.code}
            language={source.language === "PYTHON" ? "python" : "javascript"}
            label={`Code of ${source.name}`}
          />
        </Tabs.Content>
        <Tabs.Content value="answers">
          <SourceAnswers source={source} />
        </Tabs.Content>
        <Tabs.Content value="versions">
          <SourceVersions source={source} />
        </Tabs.Content>
        {mayWrite && (
          <Tabs.Content value="settings">
            <SourceSettings key={source.updatedAt} source={source} />
          </Tabs.Content>
        )}
        {mayWrite && (
          <Tabs.Content value="try">
            <TrySource
              key={source.versionId}
              source={{ ...source, sourceId: source.id, indicators: source.supportedIndicators }}
              renderResult={(result) => renderTestResult(result, source.provider.name)}
            />
          </Tabs.Content>
        )}
      </Tabs.Root>
    </article>
  );
}
