import type { IndicatorKind, Provider } from "@assay/contract";
import { indicatorKinds } from "@assay/indicators";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { client } from "../../../api/client.ts";
import { providersQuery } from "../../../api/providers.ts";
import { Button } from "../../../components/button.tsx";
import { Choice } from "../../../components/choice.tsx";
import { Field } from "../../../components/field.tsx";
import { Input, Select } from "../../../components/input.tsx";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import type { Draft } from "./draft.ts";
import { type ManifestLanguage, templateOf } from "./source-templates.ts";
import styles from "./new-source-form.module.css";

interface NewSourceFormProps {
  readonly providers: readonly Provider[];
  readonly onStart: (draft: Draft) => void;
}

const languages = { javascript: "JavaScript", typescript: "TypeScript", python: "Python" } as const;

/** What a source begins with; all but the language can be changed in its manifest later. */
export function NewSourceForm({ providers, onStart }: NewSourceFormProps) {
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [language, setLanguage] = useState<ManifestLanguage>("javascript");
  const [slug, setSlug] = useState("");
  const [providerName, setProviderName] = useState("");
  const [kinds, setKinds] = useState<readonly IndicatorKind[]>([]);
  const [asked, setAsked] = useState(false);
  const start = useMutation({
    mutationFn: async () => {
      if (slug !== "") return slug;
      const made = await client.providers.create({ body: { name: providerName.trim() } });
      setSlug(made.slug);
      await queries.invalidateQueries({ queryKey: providersQuery.queryKey });
      return made.slug;
    },
    onSuccess: (provider) => onStart(templateOf({ name: name.trim(), provider, language, indicators: kinds })),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setAsked(true);
    if (kinds.length > 0 && !start.isPending) start.mutate();
  };
  const toggle = (kind: IndicatorKind): void =>
    setKinds(kinds.includes(kind) ? kinds.filter((one) => one !== kind) : [...kinds, kind]);
  return (
    <form className={styles["form"]} aria-label="New source" onSubmit={submit}>
      <Field label="Name">
        {(control) => (
          <Input {...control} required maxLength={120} value={name} onChange={(event) => setName(event.target.value)} />
        )}
      </Field>
      <div className={styles["pair"]}>
        <Field label="Provider" hint="Who runs the upstream. Sources of one provider count as one voice.">
          {(control) => (
            <Select {...control} value={slug} onChange={(event) => setSlug(event.target.value)}>
              <option value="">A new one</option>
              {providers.map((provider) => (
                <option key={provider.id} value={provider.slug}>
                  {provider.name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {slug === "" && (
          <Field label="Name of the new provider">
            {(control) => (
              <Input
                {...control}
                required
                maxLength={120}
                value={providerName}
                onChange={(event) => setProviderName(event.target.value)}
              />
            )}
          </Field>
        )}
      </div>
      <Choice label="Language" value={language} options={languages} onChange={setLanguage} />
      <fieldset className={styles["kinds"]} aria-describedby={asked && kinds.length === 0 ? "kinds-error" : undefined}>
        <legend>Kinds of indicator that it takes</legend>
        {asked && kinds.length === 0 && (
          <p id="kinds-error" className={styles["error"]} role="alert">
            Choose at least one kind.
          </p>
        )}
        <div className={styles["grid"]}>
          {indicatorKinds.map(({ kind, label }) => (
            <label key={kind}>
              <input type="checkbox" checked={kinds.includes(kind)} onChange={() => toggle(kind)} /> {label}
            </label>
          ))}
        </div>
      </fieldset>
      {start.isError && <ProblemNotice error={start.error} title="The provider was not made" />}
      <Button type="submit" variant="primary" busy={start.isPending} className={styles["start"]}>
        Start writing
      </Button>
    </form>
  );
}
