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
  return (
    <section className={rows["section"]} aria-label="Cache">
      {enable.isError && <ProblemNotice error={enable.error} title="The source was not changed" />}
      <div className={rows["list"]}>
        <div className={rows["row"]}>
          <div className={rows["words"]}>
            <label htmlFor={switchId} className={rows["title"]}>
              Keep its answers
            </label>
            <p className={rows["facts"]}>
              {(source.cacheEnabled ? lifetimeWords(source.cacheLifetimes) : ["It is asked by every lookup"]).map(
                (words) => (
                  <span key={words}>{words}</span>
                ),
              )}
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

function lifetimeWords({ foundSeconds, notFoundSeconds, failedSeconds, staleSeconds }: CacheLifetimes): string[] {
  const parts = [
    ["Found", foundSeconds],
    ["No record", notFoundSeconds],
    ["Failed", failedSeconds],
    ["Then stale", staleSeconds],
  ] as const;
  const kept = parts.filter(([, seconds]) => seconds > 0);
  if (kept.length === 0) return ["For no time; identical lookups under way share one call"];
  return kept.map(
    ([words, seconds]) =>
      `${words}: ${lifetimeText(seconds)
        .replace("m", "min")
        .replace(/(\D+)$/, " $1")}`,
  );
}
