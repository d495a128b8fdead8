import type { ApiTokenValue } from "@assay/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useMay } from "../../api/auth.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import { ModalButton } from "../../components/modal-button.tsx";
import { Modal } from "../../components/modal.tsx";
import { Notice } from "../../components/notice.tsx";
import { RowList, rowsOf } from "../../components/row-list.tsx";
import { Section } from "../../components/section.tsx";
import { ShownOnce } from "../../components/shown-once.tsx";
import { NewTokenForm } from "./new-token-form.tsx";
import { TokenRow } from "./token-row.tsx";
import { apiTokensQuery } from "./token-queries.ts";

/** One's own API tokens: list, make, renew, revoke. */
export function ApiTokens() {
  const may = useMay("apiTokens:write");
  const query = useInfiniteQuery({ ...apiTokensQuery, enabled: may });
  const [fresh, setFresh] = useState<ApiTokenValue | null>(null);
  if (!may) {
    return (
      <Notice tone="info" title="You may not have API tokens">
        <p>Ask an administrator for a role that allows them.</p>
      </Notice>
    );
  }
  return (
    <Section
      title="API tokens"
      about={
        <p>
          A token signs a script in: <code>Authorization: Bearer &lt;token&gt;</code>. It can do at most what you can.{" "}
          <a href="/api/v1/docs">Read the API’s documentation</a>.
        </p>
      }
      actions={
        <ModalButton variant="primary" icon={<Plus size={16} aria-hidden />} label="New token" title="New API token">
          {(close) => (
            <NewTokenForm
              onMade={(value) => {
                close();
                setFresh(value);
              }}
            />
          )}
        </ModalButton>
      }
    >
      <RowList
        noun="API tokens"
        query={query}
        rows={rowsOf(query)}
        empty={
          <EmptyState title="No API tokens yet">
            <p>Make one for each script, so that each can be revoked on its own.</p>
          </EmptyState>
        }
      >
        {(token) => <TokenRow key={token.id} token={token} onValue={setFresh} />}
      </RowList>
      <Modal open={fresh !== null} onClose={() => setFresh(null)} title="Copy the token now">
        {fresh && (
          <ShownOnce
            text={fresh.token}
            what="token"
            note="If it is lost, renew the token."
            onDone={() => setFresh(null)}
          />
        )}
      </Modal>
    </Section>
  );
}
