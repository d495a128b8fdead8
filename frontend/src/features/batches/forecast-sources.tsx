import type { BatchForecast } from "@assay/contract";
import type { UseQueryResult } from "@tanstack/react-query";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { SourceForecast } from "../../components/source-forecast.tsx";
import styles from "./batch-forecast.module.css";

/** What each source would be asked, and what is left of its quota. */
export function ForecastSources({ query: { data, isPending } }: { readonly query: UseQueryResult<BatchForecast> }) {
  if (isPending) return <SkeletonRows count={4} label="Counting calls" />;
  if (!data || data.sources.length === 0) return null;
  return (
    <ul className={styles["sources"]} aria-label="Forecast by source">
      {data.sources.map((forecast) => (
        <SourceForecast key={forecast.source.id} forecast={forecast} />
      ))}
    </ul>
  );
}
