import type { ExtractedIndicator } from "@assay/indicators";
import { Layers } from "lucide-react";
import { useState } from "react";
import { Button } from "../../../components/button.tsx";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { ForecastButton } from "../forecast/forecast-button.tsx";
import { FoundRow } from "./found-row.tsx";
import { useMakeBatch } from "./use-make-batch.ts";
import { keyOf, startsMax, useStartMany } from "./use-start-many.ts";
import styles from "./extract-panel.module.css";

const rowsStep = 200;

/** Private addresses and the like are not sent to sources unless somebody says so. */
function isChosenAtFirst({ confidence, note }: ExtractedIndicator): boolean {
  return confidence === "high" || (confidence === "medium" && note === undefined);
}

/** What was found: choose, and look up what is chosen. Mount it anew for another text. */
export function FoundList({
  found,
  mayRun,
}: {
  readonly found: readonly ExtractedIndicator[];
  readonly mayRun: boolean;
}) {
  const { start, stop, started, isRunning } = useStartMany();
  const batch = useMakeBatch();
  const [rows, setRows] = useState(rowsStep);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(found.filter(isChosenAtFirst).map(keyOf)));
  const waiting = found.filter((indicator) => chosen.has(keyOf(indicator)) && !started.has(keyOf(indicator)));
  const next = waiting.slice(0, startsMax);
  const done = [...started.values()].filter(({ state }) => state !== "waiting").length;
  const choose = (key: string, on: boolean): void =>
    setChosen((before) => {
      const after = new Set(before);
      if (on) after.add(key);
      else after.delete(key);
      return after;
    });
  return (
    <section className={styles["section"]} aria-label="Found">
      {mayRun && (
        <div className={styles["bar"]}>
          <Button variant="primary" busy={isRunning} disabled={next.length === 0} onClick={() => void start(next)}>
            {next.length === 0 ? "Look up" : `Look up ${next.length}`}
          </Button>
          {isRunning ? <Button onClick={stop}>Stop</Button> : <ForecastButton indicators={waiting} />}
          {waiting.length > startsMax && !isRunning && (
            <Button
              icon={<Layers size={16} aria-hidden />}
              busy={batch.isPending}
              onClick={() => batch.mutate(waiting)}
            >
              Make a batch of {waiting.length}
            </Button>
          )}
          <Button size="s" variant="plain" onClick={() => setChosen(new Set(found.map(keyOf)))}>
            Choose all
          </Button>
          <Button size="s" variant="plain" onClick={() => setChosen(new Set())}>
            Choose none
          </Button>
          <p className={styles["progress"]} role="status">
            {started.size > 0 && `${done} of ${started.size} looked up. `}
            {waiting.length > startsMax &&
              `${startsMax} at once: ${waiting.length - startsMax} of the chosen are left.`}
          </p>
        </div>
      )}
      {batch.isError && <ProblemNotice error={batch.error} title="The batch was not made" />}
      <ul className={styles["list"]} aria-label="Indicators found">
        {found.slice(0, rows).map((indicator) => {
          const key = keyOf(indicator);
          const choice = { chosen: chosen.has(key), onChoose: (on: boolean) => choose(key, on) };
          return (
            <FoundRow key={key} indicator={indicator} started={started.get(key)} choice={mayRun ? choice : undefined} />
          );
        })}
      </ul>
      {found.length > rows && (
        <Button size="s" variant="plain" onClick={() => setRows(rows + rowsStep)}>
          Show more of {found.length}
        </Button>
      )}
    </section>
  );
}
