import type { CacheState } from "@assay/contract";
import { Button } from "../../components/button.tsx";
import rows from "../../components/rows.module.css";
import { TimeAgo } from "../../components/time-ago.tsx";
import styles from "./cache.module.css";

interface CacheUsesProps {
  readonly state: CacheState | undefined;
  /** Shows the answers of a source. */
  readonly onChoose: (sourceId: string) => void;
}

/** How often each source was not asked, thanks to the cache. */
export function CacheUses({ state, onChoose }: CacheUsesProps) {
  if (state === undefined || state.sources.length === 0) return null;
  return (
    <section className={rows["section"]} aria-label="Use">
      <h2>Use</h2>
      <div className={styles["scroll"]}>
        <table className={styles["table"]}>
          <thead>
            <tr>
              <th scope="col">Source</th>
              <th scope="col">Answers kept</th>
              <th scope="col">Hits</th>
              <th scope="col">Stale</th>
              <th scope="col">Shared</th>
              <th scope="col">Asked</th>
            </tr>
          </thead>
          <tbody>
            {state.sources.map(({ source, entries, hits, stale, coalesced, misses }) => (
              <tr key={source.id}>
                <td>
                  <Button size="s" variant="plain" onClick={() => onChoose(source.id)}>
                    {source.name}
                  </Button>
                </td>
                {[entries, hits, stale, coalesced, misses].map((count, at) => (
                  <td key={at}>{count === null ? "not known" : count.toLocaleString("en")}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className={styles["hint"]}>
        Counted on the node that you are connected to, which started <TimeAgo time={state.since} />.
      </p>
    </section>
  );
}
