import type { ApiTokenInput, ApiTokenValue, Scope } from "@assay/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { meQuery } from "../../api/auth.ts";
import { client } from "../../api/client.ts";
import { Button } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";
import { Input } from "../../components/input.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { SelectField } from "../../components/select-field.tsx";
import { scopeWords } from "./scope-words.ts";
import { markingsOf, TokenMarkingFields } from "./token-marking-fields.tsx";
import { apiTokensQuery } from "./token-queries.ts";
import styles from "./new-token-form.module.css";

const dayMs = 86_400_000;
const lifetimes: readonly (readonly [string, number | null])[] = [
  ["30 days", 30],
  ["90 days", 90],
  ["1 year", 365],
  ["Never", null],
];
const startLifetime = "90 days";
/** What most scripts need. */
const startScopes: ReadonlySet<Scope> = new Set(["requests:read", "requests:run", "sources:read"]);

export function NewTokenForm({ onMade }: { readonly onMade: (value: ApiTokenValue) => void }) {
  const me = useQuery(meQuery);
  const queries = useQueryClient();
  const own = me.data?.scopes ?? [];
  const [scopes, setScopes] = useState<readonly Scope[]>(() => own.filter((scope) => startScopes.has(scope)));
  const make = useMutation({
    mutationFn: (body: ApiTokenInput) => client.apiTokens.create({ body }),
    onSuccess: (value) => {
      void queries.invalidateQueries({ queryKey: apiTokensQuery.queryKey });
      onMade(value);
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const days = lifetimes.find(([words]) => words === form.get("lifetime"))?.[1] ?? null;
    make.mutate({
      note: String(form.get("note")),
      expiresAt: days === null ? null : new Date(Date.now() + days * dayMs).toISOString(),
      scopes: [...scopes],
      ...markingsOf(form),
    });
  };
  return (
    <form className={styles["form"]} onSubmit={submit}>
      {make.isError && <ProblemNotice error={make.error} title="The token was not made" />}
      <Field label="What is it for?" hint="A name that you will know it by, such as “mail gateway”.">
        {(control) => <Input {...control} name="note" maxLength={200} required autoComplete="off" />}
      </Field>
      <SelectField
        label="Expires after"
        name="lifetime"
        options={lifetimes.map(([words]) => words)}
        defaultValue={startLifetime}
      />
      <fieldset className={styles["scopes"]}>
        <legend>May</legend>
        {own.map((scope) => (
          <label key={scope}>
            <input
              type="checkbox"
              checked={scopes.includes(scope)}
              onChange={(event) =>
                setScopes(event.target.checked ? [...scopes, scope] : scopes.filter((other) => other !== scope))
              }
            />
            {scopeWords[scope]} <code>{scope}</code>
          </label>
        ))}
      </fieldset>
      <TokenMarkingFields />
      {scopes.length === 0 && <p className={styles["hint"]}>Choose at least one thing that it may do.</p>}
      <Button type="submit" variant="primary" busy={make.isPending} disabled={scopes.length === 0}>
        Make token
      </Button>
    </form>
  );
}
