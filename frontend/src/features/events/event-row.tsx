import type { AuditEvent } from "@assay/contract";
import { TimeAgo } from "../../components/time-ago.tsx";
import { EventDetail } from "./event-detail.tsx";
import { actionPhrase, actorWords } from "./event-words.ts";
import styles from "./event-row.module.css";

interface EventRowProps {
  readonly event: AuditEvent;
  readonly selected: boolean;
  /** Shows the whole event below the row: where there is no room beside the list. */
  readonly unfolds: boolean;
  readonly onSelect: () => void;
  readonly onFilter: (filter: { actorId?: string; objectId?: string; objectType?: string }) => void;
}

/** An event on one line: who did what to which thing, from where, when. */
export function EventRow({ event, selected, unfolds, onSelect, onFilter }: EventRowProps) {
  const isRefusal = event.action === "user.failSignIn" || event.action === "user.throttleSignIn";
  return (
    <li className={styles["item"]}>
      <button
        type="button"
        className={[styles["row"], selected ? styles["selected"] : ""].join(" ")}
        aria-expanded={unfolds ? selected : undefined}
        aria-current={(!unfolds && selected) || undefined}
        onClick={onSelect}
      >
        <span className={styles["actor"]}>{actorWords(event)}</span>
        <span className={[styles["action"], isRefusal ? styles["refused"] : ""].join(" ")}>
          {actionPhrase(event)}
          {event.count > 1 && ` ${event.count} times`}
        </span>
        <span className={styles["object"]} title={event.object.name}>
          {event.object.name}
        </span>
        <span className={styles["address"]}>{event.address ?? ""}</span>
        <span className={styles["time"]}>
          <TimeAgo time={event.createdAt} />
        </span>
      </button>
      {selected && unfolds && (
        <div className={styles["unfolded"]}>
          <EventDetail event={event} onFilter={onFilter} />
        </div>
      )}
    </li>
  );
}
