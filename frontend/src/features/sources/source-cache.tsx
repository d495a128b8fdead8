import { type CacheLifetimes, lifetimeText, type Source } from "@assay/contract";
import { useId } from "react";
import { useMay } from "../../api/auth.ts";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import rows from "../../components/rows.module.css";
import { Switch } from "../../components/switch.tsx";
import { useEnableCache } from "./use-enable-source.ts";

/** Whether answers of the source are kept, and for how long. */
export function SourceCache({ source }: { readonly source: Source }) {
  const mayWrite = useMay("sources:write");
  const enable = useEnableCache(source);
  const switchId = useId();
  const keeps = lifetimeWords(source.cacheLifetimes);
  const onWords = keeps.length > 0 ? keeps : ["Identical lookups under way share one call; its answers are not kept"];
  return (
    <section className={rows["section"]} aria-label="Cache">
      {enable.isError && <ProblemNotice error={enable.error} title="The source was not changed" />}
      <div className={rows["list"]}>
        <div className={rows["row"]}>
          <div className={rows["words"]}>
            <label htmlFor={switchId} className={rows["title"]}>
              {keeps.length > 0 ? "Keep its answers" : "Share its calls"}
            </label>
            <p className={rows["facts"]}>
              {(source.cacheEnabled ? onWords : ["It is asked by every lookup"]).map((words) => (
                <span key={words}>{words}</span>
              ))}
            </p>
          </div>
          <Switch
            id={switchId}
            checked={source.cacheEnabled}
            disabled={!mayWrite || enable.isPending}
            onChange={(on) => enable.mutate(on)}
          />
        </div>
      </div>
    </section>
  );
}

/** How long answers are kept; nothing where none is. */
function lifetimeWords({ foundSeconds, notFoundSeconds, failedSeconds, staleSeconds }: CacheLifetimes): string[] {
  const parts = [
    ["Found", foundSeconds],
    ["No record", notFoundSeconds],
    ["Failed", failedSeconds],
    ["Then stale", staleSeconds],
  ] as const;
  return parts
    .filter(([, seconds]) => seconds > 0)
    .map(
      ([words, seconds]) =>
        `${words}: ${lifetimeText(seconds)
          .replace("m", "min")
          .replace(/(\D+)$/, " $1")}`,
    );
}
