import type { AuditEvent } from "@assay/contract";
import type { ReactNode } from "react";
import { Button } from "../../components/button.tsx";
import { CopyButton } from "../../components/copy-button.tsx";
import { exactTime } from "../../components/time.ts";
import { ChangeList } from "./change-list.tsx";
import { actionPhrase, actorWords } from "./event-words.ts";
import styles from "./event-detail.module.css";

interface EventDetailProps {
  readonly event: AuditEvent;
  readonly onFilter: (filter: { actorId?: string; objectId?: string; objectType?: string }) => void;
}

/** All that is known of one event. */
export function EventDetail({ event, onFilter }: EventDetailProps) {
  const { actor, object } = event;
  const { userId } = actor;
  const { id: objectId } = object;
  return (
    <article className={styles["detail"]} aria-label={`${actorWords(event)} ${actionPhrase(event)}`}>
      <h2 className={styles["title"]}>
        {actorWords(event)} {actionPhrase(event)}
      </h2>
      <p className={styles["object"]}>{object.name}</p>
      {event.count > 1 && <p>It happened {event.count} times in a short while; this is the last.</p>}
      <ChangeList changes={event.changes} />
      <dl className={styles["facts"]}>
        <Fact name="When">{exactTime(event.createdAt)}</Fact>
        <Fact name="Action">
          <code>{event.action}</code>
        </Fact>
        <Fact name="Object" copy={objectId}>
          {object.type} <code>{objectId}</code>
        </Fact>
        {actor.tokenId !== null && (
          <Fact name="Token" copy={actor.tokenId}>
            <code>{actor.tokenId}</code>
          </Fact>
        )}
        {event.address !== null && (
          <Fact name="From" copy={event.address}>
            <code>{event.address}</code>
          </Fact>
        )}
        {event.userAgent !== null && <Fact name="With">{event.userAgent}</Fact>}
        {event.requestId !== null && (
          <Fact name="Call" copy={event.requestId}>
            <code>{event.requestId}</code>
          </Fact>
        )}
        {event.traceId !== null && (
          <Fact name="Trace" copy={event.traceId}>
            <code>{event.traceId}</code>
          </Fact>
        )}
      </dl>
      <div className={styles["more"]}>
        {objectId !== null && (
          <Button size="s" onClick={() => onFilter({ objectId, objectType: object.type })}>
            All about this {object.type === "user" ? "user" : "object"}
          </Button>
        )}
        {userId !== null && (
          <Button size="s" onClick={() => onFilter({ actorId: userId })}>
            All by this user
          </Button>
        )}
      </div>
    </article>
  );
}

function Fact({ name, copy, children }: { name: string; copy?: string | null; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span>{children}</span>
        {copy && <CopyButton text={copy} what={name.toLowerCase()} />}
      </dd>
    </div>
  );
}
