import type { RequestSummary } from "@assay/contract";
import { Link } from "@tanstack/react-router";
import { paths } from "../../../api/paths.ts";
import { Mark, markWords } from "../../../components/mark.tsx";
import { Mono } from "../../../components/mono.tsx";
import { PrivateSign } from "../private-sign.tsx";
import { ended } from "../view/lookup-view.ts";
import styles from "./followed.module.css";

interface FollowedTreeProps {
  /** Each after its parent, as far as they may be read. */
  readonly items: readonly RequestSummary[];
  readonly parentId: string;
}

/** The lookups that came of one, those that came of them below. Where a parent may not be read, its own stand in its place. */
export function FollowedTree({ items, parentId }: FollowedTreeProps) {
  const ids = new Set(items.map(({ id }) => id));
  const isTop = (item: RequestSummary): boolean => item.parentId === parentId || !ids.has(item.parentId ?? "");
  return <Branch items={items.filter(isTop)} all={items} label="Followed indicators" />;
}

interface BranchProps {
  readonly items: readonly RequestSummary[];
  readonly all: readonly RequestSummary[];
  readonly label?: string;
}

function Branch({ items, all, label }: BranchProps) {
  if (items.length === 0) return null;
  return (
    <ul className={styles["branch"]} aria-label={label}>
      {items.map((item) => {
        const mark = ended(item) ? item.verdict.verdict : "running";
        return (
          <li key={item.id}>
            <div className={styles["row"]}>
              <Mark name={mark} sizePx={14} />
              <span className={styles["word"]}>{markWords[mark]}</span>
              <Link to={paths.lookup} params={{ id: item.id }} className={styles["link"]}>
                <Mono text={item.data} />
              </Link>
              {item.visibility === "private" && <PrivateSign />}
              <span className={styles["tie"]}>{item.followUp?.relation?.replaceAll("_", " ")}</span>
            </div>
            <Branch items={all.filter(({ parentId }) => parentId === item.id)} all={all} />
          </li>
        );
      })}
    </ul>
  );
}
