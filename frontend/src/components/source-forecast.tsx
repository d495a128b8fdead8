import type { SourceForecast as Forecast } from "@assay/contract";
import { QuotaLeft } from "./quota-left.tsx";
import styles from "./source-forecast.module.css";

const number = new Intl.NumberFormat("en");

interface SourceForecastProps {
  readonly forecast: Omit<Forecast, "skipped">;
  /** What else there is to say of it, each in a few words. */
  readonly words?: readonly string[];
}

/** A row of a list: what a source would be asked, of which quota, and what the cache knows of it. */
export function SourceForecast({ forecast, words = [] }: SourceForecastProps) {
  const { source, lookups, calls, cached, quota } = forecast;
  const all = [
    ...(calls === lookups ? [] : [lookups === 1 ? "for 1 lookup" : `for ${number.format(lookups)} lookups`]),
    ...(cached !== null && cached > 0 ? [`${number.format(cached)} cached`] : []),
    ...words,
  ];
  return (
    <li className={styles["source"]}>
      <span className={styles["name"]}>{source.name}</span>
      <span className={styles["calls"]}>{calls === 1 ? "1 call" : `${number.format(calls)} calls`}</span>
      {calls > 0 && <QuotaLeft quota={quota} calls={calls} />}
      {all.length > 0 && <span className={styles["why"]}>{all.join(" · ")}</span>}
    </li>
  );
}
