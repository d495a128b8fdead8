import { Mark, markWords } from "../../../components/mark.tsx";
import type { LookupView } from "../view/lookup-view.ts";
import { ended } from "../view/lookup-view.ts";
import { outCount } from "../view/coverage-words.ts";
import { topReasons } from "../view/weigh.ts";
import { AssayBar } from "./assay-bar.tsx";
import { CoverageLine } from "./coverage-line.tsx";
import { DecisionLine } from "./decision-line.tsx";
import { ScoreTerms } from "./score-terms.tsx";
import styles from "./verdict-stone.module.css";

interface VerdictStoneProps {
  readonly view: LookupView;
  /** Opens the answer of a source by its slug. */
  readonly onOpen: (slug: string) => void;
}

const reasonsMax = 3;

/** The touchstone: the verdict word, why, and how much of what was asked it rests on. */
export function VerdictStone({ view, onOpen }: VerdictStoneProps) {
  const { verdict } = view.request;
  const running = !ended(view.request);
  const reasons = topReasons(view, reasonsMax);
  const slugs = new Map(view.places.map((place) => [place.source.name, place.source.slug]));
  return (
    <section className={[styles["stone"], styles[verdict.verdict]].join(" ")} aria-label="Verdict">
      <div className={styles["word"]}>
        <Mark name={verdict.verdict} sizePx={32} />
        <div>
          <p className={styles["verdict"]}>{markWords[verdict.verdict]}</p>
          <p className={styles["state"]}>
            {running ? `Provisional, ${outCount(verdict.coverage)} still out` : stateWords[view.request.status]}
          </p>
        </div>
        <ScoreTerms verdict={verdict} />
      </div>
      <div className={styles["why"]}>
        <p className={styles["rule"]}>
          <span className={styles["ruleName"]} title="The rule that decided">
            {verdict.rule}
          </span>
          {verdict.text}
        </p>
        {verdict.decision !== null && <DecisionLine decision={verdict.decision} request={view.request} />}
        <ul className={styles["reasons"]}>
          {reasons.map((reason) => (
            <li key={`${reason.source} ${reason.code} ${reason.text}`}>
              <Mark name={reason.opinion} sizePx={12} />
              <span>
                {reason.text}{" "}
                <button type="button" onClick={() => onOpen(slugs.get(reason.source) ?? "")}>
                  {reason.source}
                </button>
              </span>
            </li>
          ))}
        </ul>
      </div>
      <div className={styles["bar"]}>
        <AssayBar view={view} />
      </div>
      <div className={styles["foot"]}>
        <CoverageLine coverage={verdict.coverage} onStone />
      </div>
    </section>
  );
}

const stateWords = {
  running: "",
  completed: "All answers are in",
  cancelled: "Cancelled before all answers were in",
  expired: "The deadline came before all answers",
} as const;
