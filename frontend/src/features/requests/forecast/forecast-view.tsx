import type { IndicatorPlan, SourceForecast as Forecast } from "@assay/contract";
import { SourceForecast } from "../../../components/source-forecast.tsx";
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
          <SourceForecast key={forecast.source.id} forecast={forecast} words={skippedWords(forecast)} />
        ))}
      </ul>
      {plan.sources.length === 0 && <p>No source takes these kinds of indicator.</p>}
    </div>
  );
}

function skippedWords({ skipped }: Forecast): string[] {
  return skipped.map(({ code, count }) => `${number.format(count)} ${problemWords(code)}`);
}
