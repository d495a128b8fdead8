import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useMay } from "../../api/auth.ts";
import { secretsQuery } from "../../api/secrets.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import { ModalButton } from "../../components/modal-button.tsx";
import { Notice } from "../../components/notice.tsx";
import { RowList } from "../../components/row-list.tsx";
import { countedWords } from "./quota-words.ts";
import { SecretForm } from "./secret-form.tsx";
import { SecretRow } from "./secret-row.tsx";

/** Every secret: list, change, test, delete. */
export function SecretList() {
  const mayRead = useMay("secrets:read");
  const query = useQuery({ ...secretsQuery, enabled: mayRead });
  // The same for every secret with a quota.
  const limited = query.data?.find(({ standing }) => standing.windows.length > 0);
  const counted = limited ? countedWords(limited.standing.counted) : "";
  if (!mayRead) {
    return (
      <Notice tone="info" title="You may not see secrets">
        <p>Administrators keep the keys of providers here. Ask one when a source lacks its key.</p>
      </Notice>
    );
  }
  return (
    <>
      {counted !== "" && (
        <Notice tone={counted === countedWords("unknown") ? "warning" : "info"} title="Quotas">
          <p>{counted}</p>
        </Notice>
      )}
      <RowList
        noun="secrets"
        query={query}
        rows={query.data ?? []}
        empty={
          <EmptyState title="No secrets yet">
            <p>Sources that need a key are skipped until theirs is here.</p>
          </EmptyState>
        }
      >
        {(secret) => <SecretRow key={secret.id} secret={secret} />}
      </RowList>
    </>
  );
}

/** Keeps a new secret. */
export function NewSecret() {
  if (!useMay("secrets:write")) return null;
  return (
    <ModalButton variant="primary" icon={<Plus size={16} aria-hidden />} label="New secret">
      {(close) => <SecretForm onDone={close} />}
    </ModalButton>
  );
}
