import type { UserAccount } from "@assay/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { client } from "../../api/client.ts";
import { announce } from "../../components/announce.tsx";
import { Button } from "../../components/button.tsx";
import { Confirm } from "../../components/confirm.tsx";
import { Modal } from "../../components/modal.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import rows from "../../components/rows.module.css";
import { Section } from "../../components/section.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { ApproveUserForm } from "./approve-user-form.tsx";
import { allUsers, awaitingQuery } from "./user-queries.ts";

/** Those who signed up and wait, above all others; nothing where nobody does. */
export function AwaitingUsers({ mayWrite }: { readonly mayWrite: boolean }) {
  const query = useQuery(awaitingQuery);
  const users = query.data?.items ?? [];
  if (users.length === 0) return null;
  return (
    <Section
      title="Waiting for approval"
      about="Anybody can ask under any name and address. Approve only whom you know to have asked."
    >
      <div className={rows["list"]}>
        <ul aria-label="Waiting for approval">
          {users.map((user) => (
            <AwaitingUser key={user.id} user={user} mayWrite={mayWrite} />
          ))}
        </ul>
      </div>
    </Section>
  );
}

function AwaitingUser({ user, mayWrite }: { readonly user: UserAccount; readonly mayWrite: boolean }) {
  const queries = useQueryClient();
  const [asking, setAsking] = useState<"approve" | "decline" | null>(null);
  const done = (text: string): void => {
    setAsking(null);
    void queries.invalidateQueries(allUsers);
    announce(text, { show: true });
  };
  const decline = useMutation({
    mutationFn: () => client.users.delete({ params: { id: user.id } }),
    onSuccess: () => done(`Declined ${user.email}`),
  });
  return (
    <li className={rows["row"]}>
      <div className={rows["words"]}>
        <p className={rows["title"]}>{user.email}</p>
        <p className={rows["facts"]}>
          {user.name !== "" && <span>{user.name}</span>}
          <span>
            Asked <TimeAgo time={user.createdAt} />
          </span>
        </p>
        {decline.error && <ProblemNotice error={decline.error} />}
      </div>
      {mayWrite && (
        <div className={rows["actions"]}>
          <Button size="s" onClick={() => setAsking("approve")}>
            Approve
          </Button>
          <Button size="s" variant="danger" onClick={() => setAsking("decline")}>
            Decline
          </Button>
        </div>
      )}
      <Modal open={asking === "approve"} onClose={() => setAsking(null)} title={`Let ${user.email} in`}>
        <ApproveUserForm user={user} onDone={() => done(`${user.email} may sign in`)} />
      </Modal>
      <Confirm
        open={asking === "decline"}
        title={`Decline ${user.email}?`}
        verb="Decline"
        danger
        busy={decline.isPending}
        onConfirm={() => decline.mutate()}
        onClose={() => setAsking(null)}
      >
        The wish is deleted, and nobody is told. The same person can ask again.
      </Confirm>
    </li>
  );
}
