import { ageWords, exactTime } from "./time.ts";
import { useNow } from "./use-now.ts";
import styles from "./time-ago.module.css";

interface TimeAgoProps {
  /** RFC 3339. */
  readonly time: string;
  /** Past its window of freshness: it looks old. */
  readonly old?: boolean;
  /** "2 d" instead of "2 d ago", for columns. */
  readonly short?: boolean;
}

export function TimeAgo({ time, old = false, short = false }: TimeAgoProps) {
  const now = useNow(10_000);
  return (
    <time dateTime={time} title={exactTime(time)} className={old ? styles["old"] : undefined}>
      {ageWords(Date.parse(time), now, short)}
    </time>
  );
}
