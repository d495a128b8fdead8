import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { meQuery, useMay } from "../../api/auth.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import filters from "../../components/filters.module.css";
import { ModalButton } from "../../components/modal-button.tsx";
import { Modal } from "../../components/modal.tsx";
import { Notice } from "../../components/notice.tsx";
import { RowList, rowsOf } from "../../components/row-list.tsx";
import { SearchField } from "../../components/search-field.tsx";
import { Section } from "../../components/section.tsx";
import { ShownOnce } from "../../components/shown-once.tsx";
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
  const [fresh, setFresh] = useState<FirstPassword | null>(null);
  if (!mayRead) {
    return (
      <Notice tone="info" title="You may not see accounts">
        <p>Administrators may.</p>
      </Notice>
    );
  }
  return (
    <>
      <AwaitingUsers mayWrite={mayWrite} />
      <Section
        title="Accounts"
        actions={
          mayWrite && (
            <ModalButton variant="primary" icon={<Plus size={16} aria-hidden />} label="New account">
              {(close) => (
                <NewUserForm
                  onMade={({ user, password }) => {
                    close();
                    if (password !== null) setFresh({ email: user.email, password });
                  }}
                />
              )}
            </ModalButton>
          )
        }
      >
        <div className={filters["filters"]}>
          <div className={filters["text"]}>
            <SearchField label="Find an account" placeholder="E-mail address or name" text={text} onText={setText} />
          </div>
        </div>
        <RowList
          noun="accounts"
          query={query}
          rows={rowsOf(query)}
          empty={
            <EmptyState title="No such account">
              <p>No e-mail address or name holds “{q}”.</p>
            </EmptyState>
          }
        >
          {(user) => (
            <UserRow
              key={user.id}
              user={user}
              mayWrite={mayWrite}
              isOwn={user.id === me.data?.user.id}
              onPassword={(password) => setFresh({ email: user.email, password })}
            />
          )}
        </RowList>
      </Section>
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
    </>
  );
}
