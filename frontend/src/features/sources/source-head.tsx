import type { Source } from "@assay/contract";
import { ExternalLink } from "lucide-react";
import { useId } from "react";
import { useMay } from "../../api/auth.ts";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { Switch } from "../../components/switch.tsx";
import { Tag } from "../../components/tag.tsx";
import { useEnableSource } from "./use-enable-source.ts";
import styles from "./source-head.module.css";

/** Name, what it is for, and the switch that turns it on and off. */
export function SourceHead({ source }: { readonly source: Source }) {
  const mayWrite = useMay("sources:write");
  const enable = useEnableSource(source);
  const switchId = useId();
  return (
    <header className={styles["head"]}>
      <div className={styles["title"]}>
        <h1>{source.name}</h1>
        {source.catalogue && (
          <Tag title="It comes with Assay; it can be changed and turned off, but not deleted">Catalogue</Tag>
        )}
        <span className={styles["switch"]}>
          <label htmlFor={switchId}>{source.enabled ? "On" : "Off"}</label>
          <Switch
            id={switchId}
            label={`Ask ${source.name}`}
            checked={source.enabled}
            disabled={!mayWrite || enable.isPending}
            onChange={(enabled) => enable.mutate(enabled)}
          />
        </span>
      </div>
      {enable.isError && <ProblemNotice error={enable.error} title="The source was not changed" />}
      {!source.provider.enabled && (
        <p className={styles["warn"]}>Its provider, {source.provider.name}, is turned off: it is not asked.</p>
      )}
      {source.description !== "" && <p className={styles["description"]}>{source.description}</p>}
      {source.url !== null && (
        <a href={source.url} target="_blank" rel="noreferrer noopener" className={styles["link"]}>
          {new URL(source.url).host} <ExternalLink size={14} aria-hidden />
        </a>
      )}
    </header>
  );
}
