import type { Secret, SecretTestResult } from "@assay/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { client } from "../../api/client.ts";
import { secretsKey } from "../../api/secrets.ts";
import { sourcesQuery } from "../../api/sources.ts";
import { Button } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";
import { Input, Select } from "../../components/input.tsx";
import { Notice } from "../../components/notice.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import styles from "./secret-form.module.css";

const words: Readonly<Record<SecretTestResult["verdict"], readonly ["info" | "warning" | "error", string]>> = {
  accepted: ["info", "The provider accepts it"],
  refused: ["error", "The provider refuses it"],
  unclear: ["warning", "The answer says nothing about the key"],
};

/** Asks a source once with this secret, to see whether the provider takes it. */
export function TestSecret({ secret }: { readonly secret: Secret }) {
  const queries = useQueryClient();
  const sources = useQuery(sourcesQuery);
  const test = useMutation({
    mutationFn: (body: { sourceId: string; slot: string; data: string }) =>
      client.secrets.test({ params: { id: secret.id }, body }),
    onSettled: () => void queries.invalidateQueries({ queryKey: secretsKey }),
  });
  const used = new Set(secret.uses.map(({ sourceId, slot }) => `${sourceId} ${slot}`));
  const places = (sources.data ?? [])
    .flatMap((source) => source.secretSlots.map((slot) => ({ key: `${source.id} ${slot.name}`, source, slot })))
    .toSorted((a, b) => Number(used.has(b.key)) - Number(used.has(a.key)));
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [sourceId = "", slot = ""] = String(form.get("place")).split(" ");
    test.mutate({ sourceId, slot, data: String(form.get("data")).trim() });
  };
  if (sources.isSuccess && places.length === 0) {
    return (
      <Notice tone="info" title="No source takes a secret">
        <p>A secret is tested by asking a source with it. Add a source with a secret slot first.</p>
      </Notice>
    );
  }
  return (
    <form className={styles["form"]} onSubmit={submit}>
      <Field label="Ask" hint="The source need not use the secret yet. One call goes to the provider.">
        {(control) => (
          <Select {...control} name="place" required>
            {places.map(({ key, source, slot }) => (
              <option key={key} value={key}>
                {source.name}, {slot.name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="About the indicator" hint="One that may be shown to the provider.">
        {(control) => (
          <Input {...control} mono name="data" required maxLength={8192} autoCapitalize="none" spellCheck={false} />
        )}
      </Field>
      {test.isError && <ProblemNotice error={test.error} title="It was not tested" />}
      {test.data && <TestOutcome result={test.data} />}
      <Button type="submit" variant="primary" busy={test.isPending} disabled={!sources.isSuccess}>
        Test it
      </Button>
    </form>
  );
}

function TestOutcome({ result }: { readonly result: SecretTestResult }) {
  const [tone, title] = words[result.verdict];
  return (
    <Notice tone={tone} title={title}>
      {result.problems.map(({ code, status, slots }) => (
        <p key={code}>
          <code>{code}</code>
          {status !== undefined && ` with status ${status}`}
          {slots !== undefined && ` in ${slots.join(", ")}`}
        </p>
      ))}
      {result.outcome === "not_found" && <p>It has no record of the indicator.</p>}
    </Notice>
  );
}
