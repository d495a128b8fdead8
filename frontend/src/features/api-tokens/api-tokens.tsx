import type { ApiTokenValue } from "@assay/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useMay } from "../../api/auth.ts";
import { Button } from "../../components/button.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { LoadMore } from "../../components/load-more.tsx";
import { Modal } from "../../components/modal.tsx";
import { Notice } from "../../components/notice.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { ShownOnce } from "../../components/shown-once.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { NewTokenForm } from "./new-token-form.tsx";
import { TokenRow } from "./token-row.tsx";
import { apiTokensQuery } from "./token-queries.ts";
import styles from "./api-tokens.module.css";

/** One's own API tokens: list, make, renew, revoke. */
export function ApiTokens() {
  const may = useMay("apiTokens:write");
  const query = useInfiniteQuery({ ...apiTokensQuery, enabled: may });
  const [making, setMaking] = useState(false);
  const [fresh, setFresh] = useState<ApiTokenValue | null>(null);
  if (!may) {
    return (
      <Notice tone="info" title="You may not have API tokens">
        <p>Ask an administrator for a role that allows them.</p>
      </Notice>
    );
  }
  const tokens = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className={styles["tokens"]}>
      <div className={styles["head"]}>
        <p>
          A token signs a script in: <code>Authorization: Bearer &lt;token&gt;</code>. It can do at most what you can.{" "}
          <a href="/api/v1/docs">Read the API’s documentation</a>.
        </p>
        <Button variant="primary" icon={<Plus size={16} aria-hidden />} onClick={() => setMaking(true)}>
          New token
        </Button>
      </div>
      {query.isError && <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />}
      <div className={styles["list"]}>
        {query.isPending && <SkeletonRows count={3} label="Loading API tokens" />}
        {query.isSuccess && tokens.length === 0 && (
          <EmptyState title="No API tokens yet">
            <p>Make one for each script, so that each can be revoked on its own.</p>
          </EmptyState>
        )}
        <ul aria-label="API tokens">
          {tokens.map((token) => (
            <TokenRow key={token.id} token={token} onValue={setFresh} />
          ))}
        </ul>
        <LoadMore query={query} />
      </div>
      <Modal open={making} onClose={() => setMaking(false)} title="New API token">
        <NewTokenForm
          onMade={(value) => {
            setMaking(false);
            setFresh(value);
          }}
        />
      </Modal>
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
    </div>
  );
}
