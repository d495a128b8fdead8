import { coverageWords } from "../view/coverage-words.ts";
import { ended, type LookupView } from "../view/lookup-view.ts";
import { markOf } from "../view/weigh.ts";
import styles from "./assay-bar.module.css";

/** One streak per source, in the order of the plan: filled by opinion, hatched when failed, outlined when skipped. */
export function AssayBar({ view }: { readonly view: LookupView }) {
  const done = ended(view.request);
  return (
    <div className={styles["bar"]} role="img" aria-label={coverageWords(view.request.verdict.coverage)}>
      {view.places.map((place) => (
        <span key={place.source.id} className={[styles["streak"], styles[markOf(place, done)]].join(" ")} />
      ))}
    </div>
  );
}
