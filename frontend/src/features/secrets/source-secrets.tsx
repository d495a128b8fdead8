import type { SecretSlot, Source, SourceSecrets as Filled } from "@assay/contract";
import { useQuery } from "@tanstack/react-query";
import { useMay } from "../../api/auth.ts";
import { client } from "../../api/client.ts";
import { secretsQuery, sourceSecretsQuery } from "../../api/secrets.ts";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { Section } from "../../components/section.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { Tag } from "../../components/tag.tsx";
import { quotaWords } from "./quota-words.ts";
import { SlotSecrets } from "./slot-secrets.tsx";
import { useChangeSecrets } from "./use-change-secrets.ts";
import styles from "./source-secrets.module.css";

/** The secret slots of a source, and what fills them for those who may know. Nothing when it has none. */
export function SourceSecrets({ source }: { readonly source: Source }) {
  if (source.secretSlots.length === 0) return null;
  return <Slots source={source} />;
}

function Slots({ source }: { readonly source: Source }) {
  const mayRead = useMay("secrets:read");
  const mayWrite = useMay("secrets:write");
  const filled = useQuery({ ...sourceSecretsQuery(source.id), enabled: mayRead });
  const all = useQuery({ ...secretsQuery, enabled: mayRead && mayWrite });
  const assign = useChangeSecrets(
    (slots: { name: string; secretIds: string[] }[]) =>
      client.sources.assignSecrets({ params: { id: source.id }, body: { slots } }),
    () => `Saved the secrets of ${source.name}`,
  );
  const change = (name: string, secretIds: string[]): void =>
    assign.mutate(
      (filled.data?.slots ?? []).map((slot) => ({
        name: slot.name,
        secretIds: slot.name === name ? secretIds : slot.secrets.map(({ id }) => id),
      })),
    );
  return (
    <Section title="Secrets">
      {filled.isError && <ProblemNotice error={filled.error} onRetry={() => void filled.refetch()} />}
      {assign.isError && <ProblemNotice error={assign.error} title="The secrets were not saved" />}
      <ul className={styles["slots"]}>
        {source.secretSlots.map((slot) => {
          const known = filled.data?.slots.find(({ name }) => name === slot.name);
          return (
            <li key={slot.name} className={styles["slot"]} aria-label={slot.name}>
              <SlotHead slot={slot} known={known} />
              {!mayRead && slot.required && (
                <p className={styles["hint"]}>
                  Without this key the source is skipped. When it is, ask an administrator to store one.
                </p>
              )}
              {mayRead && filled.isPending && <Skeleton height="32px" />}
              {known && (
                <SlotSecrets
                  slot={known}
                  choices={mayWrite ? (all.data ?? []) : null}
                  busy={assign.isPending}
                  onChange={(secretIds) => change(slot.name, secretIds)}
                />
              )}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

function SlotHead({ slot, known }: { readonly slot: SecretSlot; readonly known: Filled["slots"][number] | undefined }) {
  return (
    <div className={styles["head"]}>
      <p className={styles["name"]}>
        <code>{slot.name}</code> {slot.title}
        <Tag>{slot.required ? "Required" : "Optional"}</Tag>
        {slot.exposed && <Tag title="The code gets the value itself, to compute with it">Shown to the code</Tag>}
        {known?.state === "ready" && <Tag>In use</Tag>}
      </p>
      {slot.description !== undefined && <p>{slot.description}</p>}
      {slot.quota !== undefined && <p>The free plan allows {quotaWords(slot.quota)}.</p>}
      <p className={styles["hosts"]}>
        Goes to{" "}
        {slot.hosts.map((host) => (
          <code key={host}>{host}</code>
        ))}
      </p>
    </div>
  );
}
