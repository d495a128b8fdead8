import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useMay } from "../../api/auth.ts";
import { secretsQuery } from "../../api/secrets.ts";
import { Button } from "../../components/button.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Modal } from "../../components/modal.tsx";
import { Notice } from "../../components/notice.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { countedWords } from "./quota-words.ts";
import { SecretForm } from "./secret-form.tsx";
import { SecretRow } from "./secret-row.tsx";
import styles from "./secret-list.module.css";

/** Every secret: list, keep a new one, change, test, delete. */
export function SecretList() {
  const mayRead = useMay("secrets:read");
  const mayWrite = useMay("secrets:write");
  const query = useQuery({ ...secretsQuery, enabled: mayRead });
  const [making, setMaking] = useState(false);
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
    <div className={styles["secrets"]}>
      <div className={styles["head"]}>
        <p>
          Keys of providers, encrypted. A secret goes only to the hosts that you name; put it into a source on that
          source’s page.
        </p>
        {mayWrite && (
          <Button variant="primary" icon={<Plus size={16} aria-hidden />} onClick={() => setMaking(true)}>
            New secret
          </Button>
        )}
      </div>
      {counted !== "" && (
        <Notice tone={counted === countedWords("unknown") ? "warning" : "info"} title="Quotas">
          <p>{counted}</p>
        </Notice>
      )}
      {query.isError && <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />}
      <div className={styles["list"]}>
        {query.isPending && <SkeletonRows count={4} label="Loading secrets" />}
        {query.data?.length === 0 && (
          <EmptyState title="No secrets yet">
            <p>Sources that need a key are skipped until theirs is here.</p>
          </EmptyState>
        )}
        <ul aria-label="Secrets">
          {query.data?.map((secret) => (
            <SecretRow key={secret.id} secret={secret} />
          ))}
        </ul>
      </div>
      <Modal open={making} onClose={() => setMaking(false)} title="New secret">
        <SecretForm onDone={() => setMaking(false)} />
      </Modal>
    </div>
  );
}
