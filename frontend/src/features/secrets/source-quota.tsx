import type { Source, SourceQuota as Quota } from "@assay/contract";
import { useQuery } from "@tanstack/react-query";
import { SlidersHorizontal } from "lucide-react";
import { useMay } from "../../api/auth.ts";
import { client } from "../../api/client.ts";
import { sourceQuotaQuery } from "../../api/secrets.ts";
import { ModalButton } from "../../components/modal-button.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { Section } from "../../components/section.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { durationWords } from "../../components/time.ts";
import { QuotaStanding } from "./quota-standing.tsx";
import { countedWords } from "./quota-words.ts";
import { SourceLimitsForm } from "./source-limits-form.tsx";
import { useChangeSecrets } from "./use-change-secrets.ts";
import styles from "./source-secrets.module.css";

/** What is left of the quotas that hold for a source, and what it does when nothing is. */
export function SourceQuota({ source }: { readonly source: Source }) {
  const mayWrite = useMay("sources:write");
  const query = useQuery(sourceQuotaQuery(source.id));
  return (
    <Section
      title="Limits"
      actions={
        mayWrite && (
          <ModalButton
            size="s"
            icon={<SlidersHorizontal size={14} aria-hidden />}
            label="Change limits"
            title={`Limits of ${source.name}`}
          >
            {(close) => <SourceLimitsForm source={source} onDone={close} />}
          </ModalButton>
        )
      }
    >
      {query.isError && <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Skeleton height="56px" />}
      {query.data && (
        <ul className={styles["slots"]}>
          {query.data.quotas.map((quota) => (
            <OneQuota key={quota.secret?.id ?? quota.secret?.slot ?? "own"} source={source} quota={quota} />
          ))}
          <li className={styles["slot"]}>
            <p className={styles["hint"]}>{behaviour(source)}</p>
          </li>
        </ul>
      )}
    </Section>
  );
}

function behaviour({ limitEnabled, limitMode, limitWaitMs }: Source): string {
  if (!limitEnabled) return "Calls are counted, but no quota holds them back.";
  return limitMode === "wait"
    ? `With nothing left it waits for its turn, ${durationWords(limitWaitMs)} at the most: people first, batches last.`
    : "With nothing left it fails at once and says from when on it can be asked again.";
}

function OneQuota({ source, quota }: { readonly source: Source; readonly quota: Quota["quotas"][number] }) {
  const mayLiftSource = useMay("sources:write");
  const mayLiftSecret = useMay("secrets:write");
  const { secret, standing, reservePercent } = quota;
  const name = secret === null ? "Without a secret" : (secret.name ?? "A secret");
  const secretId = secret?.id ?? null;
  const lift = useChangeSecrets<void, unknown>(
    () =>
      secretId === null
        ? client.sources.liftRest({ params: { id: source.id } })
        : client.secrets.liftRest({ params: { id: secretId } }),
    () => `${secret === null ? source.name : name} is asked again`,
  );
  const mayLift = secret === null ? mayLiftSource : mayLiftSecret && secretId !== null;
  const isPlain = standing.windows.length === 0 && standing.restsUntil === null;
  return (
    <li className={styles["slot"]} aria-label={name}>
      <p className={styles["name"]}>
        {name} {secret && <code>{secret.slot}</code>}
        {isPlain && <span className={styles["hint"]}>No limit is set</span>}
      </p>
      <QuotaStanding
        standing={standing}
        reservePercent={reservePercent}
        onLift={mayLift ? () => lift.mutate() : undefined}
        busy={lift.isPending}
      />
      {standing.windows.length > 0 && countedWords(standing.counted) !== "" && (
        <p className={styles["hint"]}>{countedWords(standing.counted)}</p>
      )}
      {lift.isError && <ProblemNotice error={lift.error} title="The rest was not ended" />}
    </li>
  );
}
