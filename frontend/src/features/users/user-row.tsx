import type { UserAccount } from "@assay/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { client } from "../../api/client.ts";
import { announce } from "../../components/announce.tsx";
import { Button } from "../../components/button.tsx";
import { Confirm } from "../../components/confirm.tsx";
import { Modal } from "../../components/modal.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { Tag } from "../../components/tag.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { roleWords } from "../../components/role-words.ts";
import rows from "../../components/rows.module.css";
import { EditUserForm } from "./edit-user-form.tsx";
import { allUsers } from "./user-queries.ts";

interface UserRowProps {
  readonly user: UserAccount;
  readonly mayWrite: boolean;
  readonly isOwn: boolean;
  /** A new password was made. */
  readonly onPassword: (password: string) => void;
}

type Question = "edit" | "password" | "signOut" | "delete";

export function UserRow({ user, mayWrite, isOwn, onPassword }: UserRowProps) {
  const queries = useQueryClient();
  const [asking, setAsking] = useState<Question | null>(null);
  const params = { id: user.id };
  const done = (): void => {
    setAsking(null);
    void queries.invalidateQueries(allUsers);
  };
  const reset = useMutation({
    mutationFn: () => client.users.resetPassword({ params }),
    onSuccess: ({ password }) => {
      done();
      onPassword(password);
    },
  });
  const signOut = useMutation({
    mutationFn: () => client.users.signOut({ params }),
    onSuccess: () => {
      done();
      announce(`${user.email} is signed out everywhere`, { show: true });
    },
  });
  const remove = useMutation({
    mutationFn: () => client.users.delete({ params }),
    onSuccess: () => {
      done();
      announce(`Deleted ${user.email}`, { show: true });
    },
  });
  const error = reset.error ?? signOut.error ?? remove.error;
  return (
    <li className={rows["row"]}>
      <div className={rows["words"]}>
        <p className={rows["title"]}>{user.email}</p>
        <p className={rows["tags"]}>
          {!user.enabled && <Tag>Disabled</Tag>}
          {user.roles.map((role) => (
            <Tag key={role}>{roleWords[role]}</Tag>
          ))}
        </p>
        <p className={rows["facts"]}>
          {user.name !== "" && <span>{user.name}</span>}
          <span>{waysOf(user)}</span>
          <span>
            {user.lastSignInAt === null ? (
              "Never signed in"
            ) : (
              <>
                Signed in <TimeAgo time={user.lastSignInAt} />
              </>
            )}
          </span>
        </p>
        {error && <ProblemNotice error={error} />}
      </div>
      {mayWrite && (
        <div className={rows["actions"]}>
          <Button size="s" onClick={() => setAsking("edit")}>
            Edit
          </Button>
          <Button size="s" onClick={() => setAsking("password")}>
            New password
          </Button>
          <Button size="s" onClick={() => setAsking("signOut")}>
            Sign out
          </Button>
          {!isOwn && (
            <Button size="s" variant="danger" onClick={() => setAsking("delete")}>
              Delete
            </Button>
          )}
        </div>
      )}
      <Modal open={asking === "edit"} onClose={() => setAsking(null)} title={user.email}>
        <EditUserForm user={user} isOwn={isOwn} onDone={done} />
      </Modal>
      <Confirm
        open={asking === "password"}
        title={`New password for ${user.email}?`}
        verb="Make password"
        busy={reset.isPending}
        onConfirm={() => reset.mutate()}
        onClose={() => setAsking(null)}
      >
        The old one stops working, and all their sessions end.
      </Confirm>
      <Confirm
        open={asking === "signOut"}
        title={`Sign ${user.email} out everywhere?`}
        verb="Sign out"
        busy={signOut.isPending}
        onConfirm={() => signOut.mutate()}
        onClose={() => setAsking(null)}
      >
        All their sessions end at once. Their API tokens go on working; disable the account to stop these too.
      </Confirm>
      <Confirm
        open={asking === "delete"}
        title={`Delete ${user.email}?`}
        verb="Delete account"
        danger
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
        onClose={() => setAsking(null)}
      >
        Sessions, API tokens and linked accounts go with it; lookups stay. This cannot be undone.
      </Confirm>
    </li>
  );
}

function waysOf({ hasPassword, identities }: UserAccount): string {
  const ways = [...(hasPassword ? ["password"] : []), ...identities.map(({ provider }) => provider)];
  return ways.length === 0 ? "No way to sign in" : `Signs in with ${ways.join(", ")}`;
}
