import type { CacheState, CacheUse } from "@assay/contract";
import { Section } from "../../components/section.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import styles from "./cache.module.css";

interface CacheUsesProps {
  readonly state: CacheState | undefined;
  /** Shows the answers of a source. */
  readonly onChoose: (sourceId: string) => void;
}

const columns = [
  ["entries", "Answers kept"],
  ["hits", "Hits"],
  ["stale", "Stale"],
  ["coalesced", "Shared"],
  ["misses", "Asked"],
] as const;

/** How often each source was not asked, thanks to the cache. */
export function CacheUses({ state, onChoose }: CacheUsesProps) {
  if (state === undefined) return null;
  const used = state.sources.filter((use) => !isIdle(use));
  const idle = state.sources.filter(isIdle);
  if (state.sources.length === 0) return null;
  return (
    <Section title="Use">
      {used.length > 0 && <UseTable uses={used} onChoose={onChoose} />}
      <p className={styles["hint"]}>
        {idle.length > 0 && `${idleWords(idle)} `}
        Counted on the node that you are connected to, which started <TimeAgo time={state.since} />.
      </p>
    </Section>
  );
}

/** Nothing of it is kept, and nothing was saved: a row of zeros. */
function isIdle({ entries, hits, stale, coalesced }: CacheUse): boolean {
  return entries === 0 && hits + stale + coalesced === 0;
}

/** "3 sources were asked 12 times, and nothing of that is kept." */
function idleWords(idle: readonly CacheUse[]): string {
  const asked = idle.reduce((sum, { misses }) => sum + misses, 0);
  const sources = `${idle.length} ${idle.length === 1 ? "source was" : "sources were"}`;
  return `${sources} asked ${asked === 1 ? "once" : `${asked.toLocaleString("en")} times`}, and nothing of that is kept.`;
}

interface UseTableProps extends Pick<CacheUsesProps, "onChoose"> {
  readonly uses: readonly CacheUse[];
}

function UseTable({ uses, onChoose }: UseTableProps) {
  return (
    <div className={styles["used"]}>
      <table className={styles["table"]}>
        <thead>
          <tr>
            <th scope="col">Source</th>
            {columns.map(([name, words]) => (
              <th key={name} scope="col">
                {words}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {uses.map((use) => (
            <tr key={use.source.id}>
              <td>
                <button type="button" className={styles["name"]} onClick={() => onChoose(use.source.id)}>
                  {use.source.name}
                </button>
              </td>
              {columns.map(([name, words]) => (
                <td key={name} data-words={words}>
                  {use[name] === null ? "not known" : use[name].toLocaleString("en")}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
