import type { QuotaStanding as Standing } from "@assay/contract";
import { Moon } from "lucide-react";
import { Button } from "../../components/button.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { windowWords } from "./quota-words.ts";
import styles from "./quota-standing.module.css";

interface QuotaStandingProps {
  readonly standing: Standing;
  /** Percent that is kept for people. */
  readonly reservePercent: number;
  /** Ends a rest; absent for those who may not. */
  readonly onLift?: (() => void) | undefined;
  readonly busy?: boolean;
}

/** What is left of a quota, window by window, and whether its provider said stop. Nothing where there is neither. */
export function QuotaStanding({ standing, reservePercent, onLift, busy = false }: QuotaStandingProps) {
  const { windows, restsUntil } = standing;
  return (
    <>
      {windows.length > 0 && (
        <ul className={styles["windows"]} aria-label="What is left">
          {windows.map((window) => (
            <li key={window.per}>
              <Bar of={window.limit} left={window.left} label={windowWords(window)} />
              <span>
                {window.left === null ? "Unknown what is left of" : `${window.left.toLocaleString("en")} left of`}{" "}
                {windowWords(window)}
                {window.freeAt !== null && (
                  <>
                    , again <TimeAgo time={window.freeAt} />
                  </>
                )}
              </span>
            </li>
          ))}
          {reservePercent > 0 && <li className={styles["kept"]}>{reservePercent} % of each is kept for people</li>}
        </ul>
      )}
      {restsUntil !== null && (
        <p className={styles["rest"]}>
          <Moon size={14} aria-hidden />
          <span>
            The provider said stop. It rests and is asked again <TimeAgo time={restsUntil} />.
          </span>
          {onLift && (
            <Button size="s" busy={busy} onClick={onLift}>
              Ask again now
            </Button>
          )}
        </p>
      )}
    </>
  );
}

function Bar({ of, left, label }: { readonly of: number; readonly left: number | null; readonly label: string }) {
  return (
    <meter className={styles["bar"]} min={0} max={of} value={left ?? 0} aria-label={`Left of ${label}`}>
      {left ?? "unknown"}
    </meter>
  );
}
