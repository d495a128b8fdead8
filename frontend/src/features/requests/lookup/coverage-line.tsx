import type { Coverage } from "@assay/contract";
import { Mark } from "../../../components/mark.tsx";
import { coverageParts } from "../view/coverage-words.ts";
import styles from "./coverage-line.module.css";

/** How many sources were asked, and what became of them. */
export function CoverageLine({
  coverage,
  onStone = false,
}: {
  readonly coverage: Coverage;
  readonly onStone?: boolean;
}) {
  return (
    <ul className={[styles["line"], onStone ? styles["stone"] : ""].join(" ")} aria-label="Coverage">
      {coverageParts(coverage).map((part) => (
        <li key={part.word}>
          {part.mark !== null && <Mark name={part.mark} sizePx={12} />}
          <span>
            <b>{part.count}</b> {part.word}
          </span>
        </li>
      ))}
    </ul>
  );
}
