import type { Secret } from "@assay/contract";
import { Link } from "@tanstack/react-router";
import { Eye, FlaskConical, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { useMay } from "../../api/auth.ts";
import { client } from "../../api/client.ts";
import { paths } from "../../api/paths.ts";
import { Button } from "../../components/button.tsx";
import { Confirm } from "../../components/confirm.tsx";
import { Modal } from "../../components/modal.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import rows from "../../components/rows.module.css";
import { TimeAgo } from "../../components/time-ago.tsx";
import { QuotaStanding } from "./quota-standing.tsx";
import { SecretForm } from "./secret-form.tsx";
import { SecretSigns } from "./secret-signs.tsx";
import { SecretValue } from "./secret-value.tsx";
import { TestSecret } from "./test-secret.tsx";
import { useChangeSecrets } from "./use-change-secrets.ts";
import styles from "./secret-row.module.css";

/** One secret with what may be done to it. */
export function SecretRow({ secret }: { readonly secret: Secret }) {
  const mayWrite = useMay("secrets:write");
  const mayReveal = useMay("secrets:reveal");
  const [open, setOpen] = useState<"change" | "test" | "delete" | "value" | null>(null);
  const close = (): void => setOpen(null);
  const remove = useChangeSecrets(
    () => client.secrets.delete({ params: { id: secret.id } }),
    () => `Deleted “${secret.name}”`,
  );
  const lift = useChangeSecrets<void, Secret>(
    () => client.secrets.liftRest({ params: { id: secret.id } }),
    () => `“${secret.name}” is used again`,
  );
  const uses = [...new Map(secret.uses.map((use) => [use.sourceId, use])).values()];
  return (
    <li className={rows["row"]} aria-label={secret.name}>
      <div className={rows["words"]}>
        <p className={rows["title"]}>{secret.name}</p>
        {secret.note !== "" && <p className={styles["note"]}>{secret.note}</p>}
        <p className={styles["hosts"]}>
          {secret.hosts.map((host) => (
            <code key={host}>{host}</code>
          ))}
        </p>
        <SecretSigns secret={secret} />
        <QuotaStanding
          standing={secret.standing}
          reservePercent={secret.quotaReservePercent}
          onLift={mayWrite ? () => lift.mutate() : undefined}
          busy={lift.isPending}
        />
        {lift.isError && <ProblemNotice error={lift.error} title="The rest was not ended" />}
        <p className={rows["facts"]}>
          <span>
            Value set <TimeAgo time={secret.valueSetAt} />
          </span>
          <span>{secret.lastUsedAt === null ? "Never used" : <Used at={secret.lastUsedAt} />}</span>
          {secret.expiry === "valid" && (
            <span>{secret.expiresAt === null ? "Never expires" : <>Expires {secret.expiresAt.slice(0, 10)}</>}</span>
          )}
          <span>
            {uses.length === 0 && "In no source"}
            {uses.map(({ sourceId, slug, name }, index) => (
              <span key={sourceId}>
                {index === 0 ? "In " : ", "}
                <Link to={paths.source} params={{ slug }} search={{}}>
                  {name}
                </Link>
              </span>
            ))}
          </span>
        </p>
        {remove.isError && <ProblemNotice error={remove.error} title="The secret was not deleted" />}
      </div>
      <div className={rows["actions"]}>
        {mayReveal && (
          <Button size="s" icon={<Eye size={14} aria-hidden />} onClick={() => setOpen("value")}>
            Show value
          </Button>
        )}
        {mayWrite && (
          <>
            <Button size="s" icon={<FlaskConical size={14} aria-hidden />} onClick={() => setOpen("test")}>
              Test
            </Button>
            <Button size="s" icon={<Pencil size={14} aria-hidden />} onClick={() => setOpen("change")}>
              Change
            </Button>
            <Button size="s" variant="danger" icon={<Trash2 size={14} aria-hidden />} onClick={() => setOpen("delete")}>
              Delete
            </Button>
          </>
        )}
      </div>
      <Modal open={open === "change"} onClose={close} title={`Change “${secret.name}”`}>
        <SecretForm secret={secret} onDone={close} />
      </Modal>
      <Modal open={open === "test"} onClose={close} title={`Test “${secret.name}”`}>
        <TestSecret secret={secret} />
      </Modal>
      <Modal open={open === "value"} onClose={close} title={`Value of “${secret.name}”`}>
        <SecretValue secret={secret} />
      </Modal>
      <Confirm
        open={open === "delete"}
        title={`Delete “${secret.name}”?`}
        verb="Delete secret"
        danger
        busy={remove.isPending}
        onConfirm={() => remove.mutate(undefined, { onSettled: close })}
        onClose={close}
      >
        {uses.length === 0
          ? "No source uses it. This cannot be undone."
          : `${uses.map(({ name }) => name).join(", ")} can no longer use it. This cannot be undone.`}
      </Confirm>
    </li>
  );
}

function Used({ at }: { readonly at: string }) {
  return (
    <>
      Used <TimeAgo time={at} />
    </>
  );
}
