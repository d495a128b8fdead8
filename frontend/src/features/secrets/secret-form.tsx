import type { Secret, SecretInput } from "@assay/contract";
import { type FormEvent, useState } from "react";
import { client } from "../../api/client.ts";
import { Button } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";
import { Input } from "../../components/input.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { type SecretQuota, SecretQuotaField } from "./secret-quota-field.tsx";
import { useChangeSecrets } from "./use-change-secrets.ts";
import styles from "./secret-form.module.css";

interface SecretFormProps {
  /** The secret to change; a new one when absent. */
  readonly secret?: Secret;
  readonly onDone: () => void;
}

/** Keeps a new secret, or changes one. The value can only be set, never read. */
export function SecretForm({ secret, onDone }: SecretFormProps) {
  const [quota, setQuota] = useState<SecretQuota>({
    quota: secret?.quota ?? null,
    quotaReservePercent: secret?.quotaReservePercent ?? 0,
  });
  const save = useChangeSecrets(
    ({ value, ...settings }: Omit<SecretInput, "value"> & { value: string }) =>
      secret === undefined
        ? client.secrets.create({ body: { ...settings, value } })
        : client.secrets.update({
            params: { id: secret.id },
            body: { ...settings, ...(value === "" ? {} : { value }) },
          }),
    ({ name }) => `Saved “${name}”`,
  );
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string): string => String(form.get(name) ?? "").trim();
    const day = text("expiresAt");
    const sameDay = day === (secret?.expiresAt ?? "").slice(0, 10);
    save.mutate(
      {
        name: text("name"),
        note: text("note"),
        ...quota,
        value: text("value"),
        hosts: text("hosts")
          .toLowerCase()
          .split(/[\s,]+/)
          .filter((host) => host !== ""),
        // An expiry that has passed is not sent again: it would be refused, although nobody changed it.
        ...(secret !== undefined && sameDay ? {} : { expiresAt: day === "" ? null : `${day}T00:00:00Z` }),
      } as SecretInput,
      { onSuccess: onDone },
    );
  };
  return (
    <form className={styles["form"]} onSubmit={submit} autoComplete="off">
      {save.isError && <ProblemNotice error={save.error} title="The secret was not saved" />}
      <Field label="Name">
        {(control) => <Input {...control} name="name" required maxLength={120} defaultValue={secret?.name} />}
      </Field>
      <Field
        label={secret ? "New value" : "Value"}
        hint={
          secret
            ? "Leave it empty to keep the value. A new one is used at once, everywhere."
            : "The key as the provider gave it. It is encrypted and cannot be read here again."
        }
      >
        {(control) => (
          <Input
            {...control}
            mono
            name="value"
            type="password"
            required={secret === undefined}
            autoComplete="new-password"
            spellCheck={false}
          />
        )}
      </Field>
      <Field
        label="May be sent to"
        hint="Hosts parted by commas, such as api.example.com or *.example.com. It goes nowhere else."
      >
        {(control) => (
          <Input
            {...control}
            mono
            name="hosts"
            required
            defaultValue={secret?.hosts.join(", ")}
            autoCapitalize="none"
            spellCheck={false}
          />
        )}
      </Field>
      <SecretQuotaField
        {...quota}
        secret={secret}
        onChange={(change) => setQuota((before) => ({ ...before, ...change }))}
      />
      <Field label="Expires on" hint="From the start of that day, UTC, it is not used. Empty: never.">
        {(control) => (
          <Input {...control} name="expiresAt" type="date" defaultValue={secret?.expiresAt?.slice(0, 10)} />
        )}
      </Field>
      <Field label="Note" hint="Whose account it is, where to renew it.">
        {(control) => <Input {...control} name="note" maxLength={2000} defaultValue={secret?.note} />}
      </Field>
      <Button type="submit" variant="primary" busy={save.isPending}>
        {secret ? "Save changes" : "Keep secret"}
      </Button>
    </form>
  );
}
