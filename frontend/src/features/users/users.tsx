import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { meQuery, useMay } from "../../api/auth.ts";
import { Button } from "../../components/button.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Field } from "../../components/field.tsx";
import { Input } from "../../components/input.tsx";
import { LoadMore } from "../../components/load-more.tsx";
import { Modal } from "../../components/modal.tsx";
import { Notice } from "../../components/notice.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { ShownOnce } from "../../components/shown-once.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import rows from "../../components/rows.module.css";
import { NewUserForm } from "./new-user-form.tsx";
import { AwaitingUsers } from "./awaiting-users.tsx";
import { UserRow } from "./user-row.tsx";
import { usersQuery } from "./user-queries.ts";

interface FirstPassword {
  readonly email: string;
  readonly password: string;
}

/** All accounts: make, change, disable, delete. */
export function Users() {
  const [text, setText] = useState("");
  const q = useDeferredValue(text.trim());
  const mayRead = useMay("users:read");
  const query = useInfiniteQuery({ ...usersQuery(q), enabled: mayRead });
  const me = useQuery(meQuery);
  const mayWrite = useMay("users:write");
  const [making, setMaking] = useState(false);
  const [fresh, setFresh] = useState<FirstPassword | null>(null);
  const users = query.data?.pages.flatMap((page) => page.items) ?? [];
  if (!mayRead) {
    return (
      <Notice tone="info" title="You may not see accounts">
        <p>Administrators may.</p>
      </Notice>
    );
  }
  return (
    <div className={rows["section"]}>
      <AwaitingUsers mayWrite={mayWrite} />
      <div className={rows["head"]}>
        <Field label="Find an account">
          {(control) => (
            <Input
              {...control}
              type="search"
              value={text}
              onChange={(event) => setText(event.target.value)}
              placeholder="E-mail address or name"
              maxLength={200}
              spellCheck={false}
            />
          )}
        </Field>
        {mayWrite && (
          <Button variant="primary" icon={<Plus size={16} aria-hidden />} onClick={() => setMaking(true)}>
            New account
          </Button>
        )}
      </div>
      {query.isError && <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />}
      <div className={rows["list"]}>
        {query.isPending && <SkeletonRows count={3} label="Loading accounts" />}
        {query.isSuccess && users.length === 0 && (
          <EmptyState title="No such account">
            <p>No e-mail address or name holds “{q}”.</p>
          </EmptyState>
        )}
        <ul aria-label="Accounts">
          {users.map((user) => (
            <UserRow
              key={user.id}
              user={user}
              mayWrite={mayWrite}
              isOwn={user.id === me.data?.user.id}
              onPassword={(password) => setFresh({ email: user.email, password })}
            />
          ))}
        </ul>
        <LoadMore query={query} />
      </div>
      <Modal open={making} onClose={() => setMaking(false)} title="New account">
        <NewUserForm
          onMade={({ user, password }) => {
            setMaking(false);
            if (password !== null) setFresh({ email: user.email, password });
          }}
        />
      </Modal>
      <Modal open={fresh !== null} onClose={() => setFresh(null)} title={`Password of ${fresh?.email ?? ""}`}>
        {fresh && (
          <ShownOnce
            text={fresh.password}
            what="password"
            note="Hand it over by a safe way; its owner changes it under Settings. If it is lost, make a new one."
            onDone={() => setFresh(null)}
          />
        )}
      </Modal>
    </div>
  );
}
