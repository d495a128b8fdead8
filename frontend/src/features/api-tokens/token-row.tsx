import type { ApiToken, ApiTokenValue } from "@assay/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { RefreshCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { client } from "../../api/client.ts";
import { announce } from "../../components/announce.tsx";
import { Button } from "../../components/button.tsx";
import { Confirm } from "../../components/confirm.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import rows from "../../components/rows.module.css";
import { Tag } from "../../components/tag.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { scopeWords } from "./scope-words.ts";
import { apiTokensQuery } from "./token-queries.ts";
import styles from "./token-row.module.css";

interface TokenRowProps {
  readonly token: ApiToken;
  /** A new value was made. */
  readonly onValue: (value: ApiTokenValue) => void;
}

export function TokenRow({ token, onValue }: TokenRowProps) {
  const queries = useQueryClient();
  const [asking, setAsking] = useState<"renew" | "revoke" | null>(null);
  const done = (): void => {
    setAsking(null);
    void queries.invalidateQueries({ queryKey: apiTokensQuery.queryKey });
  };
  const params = { id: token.id };
  const renew = useMutation({
    mutationFn: () => client.apiTokens.regenerate({ params }),
    onSuccess: (value) => {
      done();
      onValue(value);
    },
  });
  const revoke = useMutation({
    mutationFn: () => client.apiTokens.delete({ params }),
    onSuccess: () => {
      done();
      announce(`Revoked “${token.note}”`, { show: true });
    },
  });
  const error = renew.error ?? revoke.error;
  return (
    <li className={rows["row"]}>
      <div className={rows["words"]}>
        <p className={rows["title"]}>
          {token.note} <code className={styles["id"]}>{token.id}_…</code>
        </p>
        <p className={rows["tags"]}>
          {token.scopes.map((scope) => (
            <Tag key={scope} title={scope}>
              {scopeWords[scope]}
            </Tag>
          ))}
        </p>
        <Markings token={token} />
        <p className={rows["facts"]}>
          <span>
            Made <TimeAgo time={token.createdAt} />
          </span>
          <span>
            {token.lastUsedAt === null ? (
              "Never used"
            ) : (
              <>
                Used <TimeAgo time={token.lastUsedAt} />
              </>
            )}
          </span>
          <Expiry expiresAt={token.expiresAt} />
        </p>
        {error && <ProblemNotice error={error} />}
      </div>
      <div className={rows["actions"]}>
        <Button size="s" icon={<RefreshCw size={14} aria-hidden />} onClick={() => setAsking("renew")}>
          Renew
        </Button>
        <Button size="s" variant="danger" icon={<Trash2 size={14} aria-hidden />} onClick={() => setAsking("revoke")}>
          Revoke
        </Button>
      </div>
      <Confirm
        open={asking === "renew"}
        title={`Renew “${token.note}”?`}
        verb="Renew token"
        busy={renew.isPending}
        onConfirm={() => renew.mutate()}
        onClose={() => setAsking(null)}
      >
        It gets a new value. The old one stops working at once.
      </Confirm>
      <Confirm
        open={asking === "revoke"}
        title={`Revoke “${token.note}”?`}
        verb="Revoke token"
        danger
        busy={revoke.isPending}
        onConfirm={() => revoke.mutate()}
        onClose={() => setAsking(null)}
      >
        What uses it can no longer sign in. This cannot be undone.
      </Confirm>
    </li>
  );
}

function Markings({ token: { tlp, pap, maxTlp } }: { readonly token: ApiToken }) {
  const words = [
    ...(maxTlp === null ? [] : [`Up to TLP:${maxTlp}`]),
    ...(tlp === null ? [] : [`TLP:${tlp} unless the call says`]),
    ...(pap === null ? [] : [`PAP:${pap} unless the call says`]),
  ];
  return words.length === 0 ? null : (
    <p className={rows["facts"]}>
      {words.map((part) => (
        <span key={part}>{part}</span>
      ))}
    </p>
  );
}

function Expiry({ expiresAt }: { readonly expiresAt: string | null }) {
  if (expiresAt === null) return <span>Never expires</span>;
  const over = Date.parse(expiresAt) < Date.now();
  return (
    <span className={over ? styles["over"] : undefined}>
      {over ? "Expired" : "Expires"} <TimeAgo time={expiresAt} />
    </span>
  );
}
