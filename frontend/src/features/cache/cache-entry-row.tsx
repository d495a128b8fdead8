import type { CacheEntry } from "@assay/contract";
import { indicatorKindInfo } from "@assay/indicators";
import { Trash2 } from "lucide-react";
import { bytesWords } from "../../components/bytes.ts";
import { IconButton } from "../../components/icon-button.tsx";
import { Mark, markWords } from "../../components/mark.tsx";
import rows from "../../components/rows.module.css";
import { Tag } from "../../components/tag.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import styles from "./cache.module.css";

interface CacheEntryRowProps {
  readonly entry: CacheEntry;
  /** None: it may not be cleared. */
  readonly onClear?: () => void;
}

/** One answer in the cache. */
export function CacheEntryRow({ entry, onClear }: CacheEntryRowProps) {
  const { source, data, kind, outcome, verdict, fetchedAt, expiresAt, goneAt, bytes, current } = entry;
  const mark = outcome === "ok" ? verdict : outcome;
  const isOver = Date.parse(expiresAt) <= Date.now();
  return (
    <li className={rows["row"]} aria-label={`${data} of ${source.name}`}>
      <div className={rows["words"]}>
        <p>
          <code className={styles["data"]}>{data}</code> <Tag>{indicatorKindInfo(kind).label}</Tag>{" "}
          {!current && <Tag title="Its code, settings or hosts have changed since, so it is not given">Superseded</Tag>}
        </p>
        <p className={rows["facts"]}>
          <span className={styles["mark"]}>
            <Mark name={mark} sizePx={12} /> {markWords[mark]}
          </span>
          <span>{source.name}</span>
          <span>
            Asked <TimeAgo time={fetchedAt} />
          </span>
          <span>
            {isOver ? "Stale, gone " : "Expires "}
            <TimeAgo time={isOver ? goneAt : expiresAt} />
          </span>
          <span>{bytesWords(bytes)}</span>
        </p>
      </div>
      {onClear && (
        <IconButton
          label={`Clear ${data} of ${source.name}`}
          icon={<Trash2 size={14} aria-hidden />}
          onClick={onClear}
        />
      )}
    </li>
  );
}
