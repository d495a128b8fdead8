import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { client } from "../../api/client.ts";
import { Button } from "../../components/button.tsx";
import { Confirm } from "../../components/confirm.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { Section } from "../../components/section.tsx";
import { Tag } from "../../components/tag.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { sessionsQuery } from "./auth-queries.ts";
import { browserWords } from "./browser-words.ts";
import rows from "../../components/rows.module.css";

/** Where one is signed in; each can be ended. */
export function OwnSessions() {
  const sessions = useQuery(sessionsQuery);
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const end = useMutation({
    mutationFn: (id: string) => client.auth.endSession({ params: { id } }),
    onSuccess: () => void queries.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
  const endAll = useMutation({
    mutationFn: () => client.auth.signOutEverywhere(),
    // The page finds out by itself that nobody is signed in any more.
    onSuccess: () => void queries.invalidateQueries(),
  });
  const error = sessions.error ?? end.error ?? endAll.error;
  return (
    <Section
      title="Signed in at"
      actions={
        <Button size="s" variant="danger" onClick={() => setAsking(true)}>
          Sign out everywhere
        </Button>
      }
    >
      {error && <ProblemNotice error={error} />}
      <ul className={rows["list"]} aria-label="Sessions">
        {sessions.data?.items.map(({ id, current, way, address, userAgent, signedInAt }) => (
          <li key={id} className={rows["row"]}>
            <div className={rows["words"]}>
              <p className={rows["title"]} title={userAgent}>
                {browserWords(userAgent)} {current && <Tag>This one</Tag>}
              </p>
              <p className={rows["facts"]}>
                <span>{address}</span>
                <span>{way === "password" ? "With password" : `Through ${way}`}</span>
                <span>
                  <TimeAgo time={signedInAt} />
                </span>
              </p>
            </div>
            {!current && (
              <Button size="s" busy={end.isPending} onClick={() => end.mutate(id)}>
                End
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Confirm
        open={asking}
        title="Sign out everywhere?"
        verb="Sign out everywhere"
        danger
        busy={endAll.isPending}
        onConfirm={() => endAll.mutate()}
        onClose={() => setAsking(false)}
      >
        All your sessions end, this one too. API tokens go on working.
      </Confirm>
    </Section>
  );
}
