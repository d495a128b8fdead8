import type { QuotaWindow, Source, SourcePatch } from "@assay/contract";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { client } from "../../api/client.ts";
import { sourceKeys } from "../../api/sources.ts";
import { Button } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";
import { Input } from "../../components/input.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { SelectField } from "../../components/select-field.tsx";
import { QuotaFields } from "./quota-fields.tsx";
import styles from "./secret-form.module.css";
import { useChangeSecrets } from "./use-change-secrets.ts";

interface SourceLimitsFormProps {
  readonly source: Source;
  readonly onDone: () => void;
}

/** How a source keeps to limits: its own quota, for when it is asked without a secret, and what it does with nothing left. */
export function SourceLimitsForm({ source, onDone }: SourceLimitsFormProps) {
  const queries = useQueryClient();
  const [quota, setQuota] = useState<QuotaWindow[]>(source.quota);
  const [mode, setMode] = useState(source.limitMode);
  const save = useChangeSecrets(
    (body: SourcePatch) => client.sources.update({ params: { id: source.id }, body }),
    ({ name }) => `Saved the limits of ${name}`,
  );
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    save.mutate(
      {
        quota,
        limitMode: mode,
        limitEnabled: form.get("enabled") === "on",
        quotaReservePercent: Number(form.get("reserve")),
        ...(mode === "wait" && { limitWaitMs: Math.round(Number(form.get("wait")) * 1000) }),
      },
      {
        onSuccess: (saved) => {
          queries.setQueryData(sourceKeys.detail(saved.slug), saved);
          onDone();
        },
      },
    );
  };
  return (
    <form className={styles["form"]} onSubmit={submit}>
      {save.isError && <ProblemNotice error={save.error} title="The limits were not saved" />}
      <Field label="Calls without a secret" hint="A secret has a quota of its own, on the page of secrets.">
        {() => <QuotaFields windows={quota} onChange={setQuota} />}
      </Field>
      <Field label="Kept for people, in percent" hint="API tokens, schedules and batches leave so much of each window.">
        {(control) => (
          <Input
            {...control}
            mono
            name="reserve"
            type="number"
            min={0}
            max={90}
            required
            defaultValue={source.quotaReservePercent}
          />
        )}
      </Field>
      <SelectField
        label="Quotas of the source and its secrets"
        name="enabled"
        options={["on", "off"]}
        words={{ on: "Hold calls back", off: "Only count" }}
        defaultValue={source.limitEnabled ? "on" : "off"}
      />
      <SelectField
        label="With nothing left"
        options={["fail", "wait"]}
        words={{ fail: "Fail at once", wait: "Wait for a turn" }}
        value={mode}
        onChoose={(chosen) => setMode(chosen ?? mode)}
      />
      {mode === "wait" && (
        <Field label="At the most, in seconds" hint="Never beyond the deadline of the lookup.">
          {(control) => (
            <Input
              {...control}
              mono
              name="wait"
              type="number"
              min={0.1}
              max={600}
              step={0.1}
              required
              defaultValue={source.limitWaitMs / 1000}
            />
          )}
        </Field>
      )}
      <Button type="submit" variant="primary" busy={save.isPending}>
        Save limits
      </Button>
    </form>
  );
}
