import type { Batch, BatchItemFilter, VerdictWord } from "@assay/contract";
import { Mark, type MarkName, markWords } from "../../components/mark.tsx";
import { Notice } from "../../components/notice.tsx";
import { count, counted, paceWords, verdictOrder } from "./batch-words.ts";
import { ProgressBar } from "./progress-bar.tsx";
import styles from "./batch-progress.module.css";

interface BatchProgressProps {
  readonly batch: Batch;
  readonly filter: BatchItemFilter;
  readonly onFilter: (filter: BatchItemFilter) => void;
}

/** How far it is, and how many there are of each verdict; pressing one narrows the list to it. */
export function BatchProgress({ batch, filter, onFilter }: BatchProgressProps) {
  const { counts, verdicts, problem, status } = batch;
  const asked = counts.total - counts.ignored;
  const pace = paceWords(batch);
  const verdict = (word: VerdictWord): void => onFilter(filter.verdict === word ? {} : { verdict: word });
  const state = (word: "failed" | "ignored"): void => onFilter(filter.state === word ? {} : { state: word });
  return (
    <section className={styles["progress"]} aria-label="Progress">
      <div className={styles["line"]}>
        <p className={styles["done"]}>
          {count(counts.done + counts.failed)} of {counted(asked, "lookup")}
        </p>
        {pace !== null && <p className={styles["pace"]}>{pace}</p>}
        {status === "paused" && counts.running > 0 && (
          <p className={styles["pace"]}>{counted(counts.running, "lookup")} still coming in</p>
        )}
      </div>
      <ProgressBar batch={batch} />
      <ul className={styles["tiles"]} aria-label="What came of them">
        {verdictOrder.map((word) => (
          <Tile
            key={word}
            mark={word}
            words={markWords[word]}
            number={verdicts[word]}
            isOn={filter.verdict === word}
            onPress={() => verdict(word)}
          />
        ))}
        <Tile
          mark="failed"
          words="Failed"
          number={counts.failed}
          isOn={filter.state === "failed"}
          onPress={() => state("failed")}
        />
        <Tile
          mark="skipped"
          words="Ignored"
          number={counts.ignored}
          isOn={filter.state === "ignored"}
          onPress={() => state("ignored")}
        />
      </ul>
      {counts.incomplete > 0 && (
        <p className={styles["pace"]}>In {counted(counts.incomplete, "lookup")} at least one source failed.</p>
      )}
      {problem !== null && (
        <Notice tone="error" title={status === "paused" ? "Assay paused this batch" : "Assay could not ask all of it"}>
          <p>{problem}.</p>
        </Notice>
      )}
    </section>
  );
}

interface TileProps {
  readonly mark: MarkName;
  readonly words: string;
  readonly number: number;
  readonly isOn: boolean;
  readonly onPress: () => void;
}

function Tile({ mark, words, number, isOn, onPress }: TileProps) {
  return (
    <li>
      <button type="button" className={styles["tile"]} aria-pressed={isOn} onClick={onPress}>
        <Mark name={mark} />
        <span className={styles["number"]}>{count(number)}</span>
        <span>{words}</span>
      </button>
    </li>
  );
}
