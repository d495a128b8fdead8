import type { Source, SourceVersion } from "@assay/contract";
import { useQuery } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { useState } from "react";
import { useMay } from "../../api/auth.ts";
import { sourceVersionQuery } from "../../api/sources.ts";
import { Button } from "../../components/button.tsx";
import { Confirm } from "../../components/confirm.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { LineDiffView } from "./line-diff-view.tsx";
import { manifestText } from "./manifest-text.ts";
import { useRollBack } from "./use-roll-back.ts";
import styles from "./version-comparison.module.css";

interface VersionComparisonProps {
  readonly source: Source;
  readonly version: SourceVersion;
}

/** What has changed in a source since one of its versions, and the way back to it. */
export function VersionComparison({ source, version }: VersionComparisonProps) {
  const mayWrite = useMay("sources:write");
  const query = useQuery(sourceVersionQuery(source.id, version.id));
  const rollBack = useRollBack(source);
  const [asking, setAsking] = useState(false);
  const stop = (): void => setAsking(false);
  if (query.isError)
    return (
      <ProblemNotice error={query.error} title="The version cannot be shown" onRetry={() => void query.refetch()} />
    );
  if (query.isPending) return <Skeleton height="240px" />;
  const { code, manifest } = query.data;
  const parts = [
    { name: "Manifest", before: manifestText(manifest), after: manifestText(source) },
    { name: "Code", before: code, after: source.code },
  ].filter(({ before, after }) => before !== after);
  return (
    <section className={styles["comparison"]} aria-label={`Changes since version ${version.number}`}>
      <header className={styles["head"]}>
        <div className={styles["title"]}>
          <h2>Changes since version {version.number}</h2>
          <p className={styles["legend"]}>
            − only in version {version.number} · + only in version {source.versionNumber}, which is in use
          </p>
        </div>
        {mayWrite && parts.length > 0 && (
          <Button icon={<Undo2 size={16} aria-hidden />} onClick={() => setAsking(true)}>
            Roll back
          </Button>
        )}
      </header>
      {rollBack.isError && <ProblemNotice error={rollBack.error} title="The source was not rolled back" />}
      {parts.length === 0 && <p className={styles["legend"]}>None: code and manifest are the same.</p>}
      {parts.map(({ name, before, after }) => (
        <div key={name} className={styles["part"]}>
          <h3>{name}</h3>
          <LineDiffView before={before} after={after} label={`Changes of the ${name.toLowerCase()}`} />
        </div>
      ))}
      <Confirm
        open={asking}
        title={`Roll back to version ${version.number}?`}
        verb="Roll back"
        busy={rollBack.isPending}
        onConfirm={() => rollBack.mutate(version, { onSettled: stop })}
        onClose={stop}
      >
        Code and manifest of version {version.number} become a new version, which is in use at once. Switches and the
        values of settings stay, and so do all versions.
      </Confirm>
    </section>
  );
}
