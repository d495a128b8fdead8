import { Fragment } from "react";
import { factLabels, factOrder, factWords } from "../answer/fact-words.ts";
import factStyles from "../answer/fact-list.module.css";
import { RelationList } from "../answer/relation-list.tsx";
import { gatherFacts, gatherRelations, type GatheredFact } from "../view/gather.ts";
import { ended, type LookupView } from "../view/lookup-view.ts";
import styles from "./together.module.css";

const valuesShown = 24;

/** What the sources say together: every fact once with who says it, and the indicators they point to. */
export function Together({ view }: { readonly view: LookupView }) {
  const facts = gatherFacts(view.places);
  const relations = gatherRelations(view.places);
  const empty = facts.size === 0 && relations.length === 0;
  return (
    <article className={styles["panel"]} aria-label="All sources together">
      <h3>All sources together</h3>
      {empty && (
        <p className={styles["quiet"]}>
          {ended(view.request)
            ? "No source told a fact or a related indicator."
            : "Facts appear here as the answers arrive."}
        </p>
      )}
      {facts.size > 0 && (
        <dl className={factStyles["facts"]}>
          {factOrder.map((name) => {
            const values = facts.get(name);
            return (
              values && (
                <Fragment key={name}>
                  <dt>{factLabels[name]}</dt>
                  <dd className={styles["values"]}>
                    <Values values={values} />
                  </dd>
                </Fragment>
              )
            );
          })}
        </dl>
      )}
      <RelationList relations={relations} request={view.request} />
    </article>
  );
}

/** Values that the same sources tell stand together. */
function Values({ values }: { readonly values: readonly GatheredFact[] }) {
  const shown = values.slice(0, valuesShown);
  return (
    <>
      {[...Map.groupBy(shown, (fact) => fact.sources.join(", "))].map(([by, facts]) => (
        <span key={by} className={styles["value"]} title={by}>
          {facts.map((fact) => factWords(fact.name, fact.value)).join(", ")}{" "}
          <span className={styles["by"]}>{sourceWords(facts[0]?.sources ?? [])}</span>
        </span>
      ))}
      {values.length > valuesShown && <span className={styles["by"]}>and {values.length - valuesShown} more</span>}
    </>
  );
}

function sourceWords(sources: readonly string[]): string {
  return sources.length === 1 ? (sources[0] ?? "") : `${sources.length} sources`;
}
