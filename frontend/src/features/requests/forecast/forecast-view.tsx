import type { IndicatorPlan, SourceForecast } from "@assay/contract";
import { QuotaLeft } from "../../../components/quota-left.tsx";
import { problemWords } from "../answer/problem-words.ts";
import styles from "./forecast-view.module.css";

const number = new Intl.NumberFormat("en");

/** What would run, what it would cost, and what would be left out and why. */
export function ForecastView({ plan }: { readonly plan: IndicatorPlan }) {
  return (
    <div className={styles["forecast"]}>
      <p className={styles["text"]}>{plan.text}.</p>
      <p className={styles["hint"]}>Nothing has been asked or spent yet.</p>
      <ul className={styles["sources"]} aria-label="Forecast by source">
        {plan.sources.map((forecast) => (
          <ForecastRow key={forecast.source.id} forecast={forecast} />
        ))}
      </ul>
      {plan.sources.length === 0 && <p>No source takes these kinds of indicator.</p>}
    </div>
  );
}

function ForecastRow({ forecast }: { readonly forecast: SourceForecast }) {
  const { source, lookups, calls, cached, skipped, quota } = forecast;
  const words = [
    ...(calls === lookups ? [] : [lookups === 1 ? "for 1 lookup" : `for ${number.format(lookups)} lookups`]),
    ...(cached > 0 ? [`${number.format(cached)} cached`] : []),
    ...skipped.map(({ code, count }) => `${number.format(count)} ${problemWords(code)}`),
  ];
  return (
    <li className={styles["source"]}>
      <span className={styles["name"]}>{source.name}</span>
      <span className={styles["calls"]}>{calls === 1 ? "1 call" : `${number.format(calls)} calls`}</span>
      {calls > 0 && <QuotaLeft quota={quota} calls={calls} />}
      {words.length > 0 && <span className={styles["why"]}>{words.join(" · ")}</span>}
    </li>
  );
}
