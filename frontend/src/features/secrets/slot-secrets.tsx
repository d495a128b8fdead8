import type { Secret, SourceSecrets } from "@assay/contract";
import { Link } from "@tanstack/react-router";
import { ArrowDown, ArrowUp, TriangleAlert, X } from "lucide-react";
import { paths } from "../../api/paths.ts";
import { IconButton } from "../../components/icon-button.tsx";
import { Select } from "../../components/input.tsx";
import styles from "./source-secrets.module.css";

type Slot = SourceSecrets["slots"][number];
type Assigned = Slot["secrets"][number];

interface SlotSecretsProps {
  readonly slot: Slot;
  /** What can be put in; null for those who may not change it. */
  readonly choices: readonly Secret[] | null;
  readonly busy: boolean;
  /** The secrets of the slot as they shall be, in the order of use. */
  readonly onChange: (secretIds: string[]) => void;
}

/** What fills one slot: several secrets are used in turn. */
export function SlotSecrets({ slot, choices, busy, onChange }: SlotSecretsProps) {
  const ids = slot.secrets.map(({ id }) => id);
  const free = choices?.filter(({ id }) => !ids.includes(id)) ?? [];
  const move = (from: number, to: number): void => {
    const moved = ids.toSpliced(from, 1);
    onChange(moved.toSpliced(to, 0, ids[from] ?? ""));
  };
  return (
    <>
      {slot.state !== "ready" && (
        <p className={styles["missing"]}>
          <TriangleAlert size={14} aria-hidden /> {stateWords(slot, choices !== null)}
        </p>
      )}
      {slot.secrets.length > 0 && (
        <ol className={styles["assigned"]} aria-label={`Secrets of ${slot.name}`}>
          {slot.secrets.map((secret, index) => (
            <li key={secret.id}>
              <span className={styles["words"]}>
                {secret.name} <span className={styles["fault"]}>{faultWords(secret)}</span>
              </span>
              {choices !== null && (
                <span className={styles["buttons"]}>
                  <IconButton
                    label={`Use ${secret.name} earlier`}
                    icon={<ArrowUp size={14} aria-hidden />}
                    disabled={busy || index === 0}
                    onClick={() => move(index, index - 1)}
                  />
                  <IconButton
                    label={`Use ${secret.name} later`}
                    icon={<ArrowDown size={14} aria-hidden />}
                    disabled={busy || index === ids.length - 1}
                    onClick={() => move(index, index + 1)}
                  />
                  <IconButton
                    label={`Take ${secret.name} out`}
                    icon={<X size={14} aria-hidden />}
                    disabled={busy}
                    onClick={() => onChange(ids.toSpliced(index, 1))}
                  />
                </span>
              )}
            </li>
          ))}
        </ol>
      )}
      {free.length > 0 && (
        <Select
          aria-label={`Add a secret to ${slot.name}`}
          value=""
          disabled={busy}
          onChange={(event) => onChange([...ids, event.target.value])}
        >
          <option value="">{ids.length === 0 ? "Choose a secret" : "Add another, to be used in turn"}</option>
          {free.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      )}
      {choices !== null && free.length === 0 && ids.length === 0 && (
        <p>
          <Link to={paths.secrets}>Keep the key as a secret</Link> first, then choose it here.
        </p>
      )}
    </>
  );
}

function stateWords({ state, required }: Slot, mayChange: boolean): string {
  const skipped = required ? "the source is skipped" : "the source is asked without one";
  switch (state) {
    case "empty":
      return `No secret: ${skipped}. ${mayChange ? "Choose one." : "Ask an administrator to choose one."}`;
    case "unusable":
      return `None of its secrets can be used: ${skipped}.`;
    case "resting":
      return `Every secret has reached the provider’s limit: ${skipped} for a while.`;
    case "ready":
      return "";
  }
}

function faultWords(secret: Assigned): string {
  if (!secret.readable) return "the server cannot decrypt it";
  if (secret.expiry === "expired") return "has expired";
  if (secret.exposureUnconfirmed) return "was put in before the code got the value: take it out and put it in again";
  if (secret.effectiveHosts.length === 0) return "may not be sent to this slot’s hosts";
  if (secret.refused) return "refused by the provider";
  if (secret.restsUntil !== null) return `rests until ${new Date(secret.restsUntil).toLocaleTimeString()}`;
  return secret.expiry === "expiring" ? "expires soon" : "";
}
