import type { Batch } from "@assay/contract";
import { indicatorKindInfo } from "@assay/indicators";
import { useQuery } from "@tanstack/react-query";
import { batchForecastQuery } from "../../api/batches.ts";
import { count, counted } from "./batch-words.ts";
import { ForecastSources } from "./forecast-sources.tsx";
import { ForecastText } from "./forecast-text.tsx";
import styles from "./batch-forecast.module.css";

/** What a batch would do, before anything is asked. */
export function BatchForecast({ batch }: { readonly batch: Batch }) {
  const query = useQuery(batchForecastQuery(batch.id));
  const { input, counts } = batch;
  const kinds = Object.entries(batch.kinds).toSorted(([, a], [, b]) => b - a);
  const { ignored, lookups, seen } = query.data ?? {
    ignored: counts.ignored,
    lookups: counts.total - counts.ignored,
    seen: null,
  };
  return (
    <section className={styles["forecast"]} aria-label="Forecast">
      <h2>What it would do</h2>
      <ForecastText query={query} />
      <dl className={styles["facts"]}>
        <Fact name="Found" words={counted(input.found, "indicator")} />
        <Fact name="Duplicates" words={`${count(input.duplicates)} left out`} />
        <Fact name="Ignored" words={`${count(ignored)} on known-good lists`} />
        <Fact name="To look up" words={counted(lookups, "indicator")} strong />
        {seen && <Fact name="Seen before" words={`${count(seen.count)} in the last ${seen.days} days`} />}
      </dl>
      <div className={styles["columns"]}>
        <div>
          <h3>By kind</h3>
          <ul className={styles["rows"]}>
            {kinds.map(([kind, number]) => (
              <li key={kind}>
                <span>{indicatorKindInfo(kind as keyof Batch["kinds"]).label}</span>
                <span>{count(number)}</span>
              </li>
            ))}
          </ul>
        </div>
        <div>
          <h3>By source</h3>
          <ForecastSources query={query} />
        </div>
      </div>
    </section>
  );
}

function Fact({
  name,
  words,
  strong = false,
}: {
  readonly name: string;
  readonly words: string;
  readonly strong?: boolean;
}) {
  return (
    <div className={strong ? styles["strong"] : undefined}>
      <dt>{name}</dt>
      <dd>{words}</dd>
    </div>
  );
}
