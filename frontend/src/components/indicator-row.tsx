import type { IndicatorKind } from "@assay/contract";
import { indicatorKindInfo } from "@assay/indicators";
import { Link } from "@tanstack/react-router";
import type { MouseEvent, ReactNode } from "react";
import { paths } from "../api/paths.ts";
import styles from "./indicator-row.module.css";
import { Mark, type MarkName } from "./mark.tsx";
import { Mono } from "./mono.tsx";

interface IndicatorRowProps {
  readonly data: string;
  readonly kind: IndicatorKind;
  readonly mark: MarkName;
  /** What the word stands for, where the mark says something else: a lookup that runs already has a verdict. */
  readonly tone?: MarkName;
  readonly words: string;
  /** Its lookup; null: it was not looked up. */
  readonly lookupId: string | null;
  /** Behind the indicator. */
  readonly sign?: ReactNode;
  readonly note: string;
  /** The note in full, on hover. */
  readonly noteTitle?: string | undefined;
  /** The last column; without one the note has its room. */
  readonly time?: ReactNode;
  readonly selected?: boolean;
  readonly onClick?: ((event: MouseEvent) => void) | undefined;
}

/** An indicator on one line of a list, with what came of it and the way to its lookup. */
export function IndicatorRow(props: IndicatorRowProps) {
  const { data, kind, mark, tone = mark, words, lookupId, sign, note, noteTitle, time, selected, onClick } = props;
  const row = [styles["row"], time === undefined && styles["noted"], selected && styles["selected"]]
    .filter(Boolean)
    .join(" ");
  const content = (
    <>
      <Mark name={mark} />
      <span className={[styles["verdict"], styles[tone]].join(" ")}>{words}</span>
      <span className={styles["what"]}>
        <Mono text={data} className={styles["data"]} />
        {sign}
      </span>
      <span className={styles["kind"]}>{indicatorKindInfo(kind).label}</span>
      <span className={styles["note"]} title={noteTitle}>
        {note}
      </span>
      {time !== undefined && <span className={styles["time"]}>{time}</span>}
    </>
  );
  return (
    <li className={styles["item"]}>
      {lookupId === null ? (
        <div className={row}>{content}</div>
      ) : (
        <Link
          to={paths.lookup}
          params={{ id: lookupId }}
          className={row}
          aria-current={selected || undefined}
          onClick={onClick}
        >
          {content}
        </Link>
      )}
    </li>
  );
}
