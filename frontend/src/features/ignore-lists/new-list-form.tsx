import type { IgnoreList, IgnoreListKind } from "@assay/contract";
import { type FormEvent, useState } from "react";
import { client } from "../../api/client.ts";
import { Button } from "../../components/button.tsx";
import { Choice } from "../../components/choice.tsx";
import { Field } from "../../components/field.tsx";
import { Input } from "../../components/input.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { kindHints, kindWords } from "./list-words.ts";
import styles from "./lists.module.css";
import { useChangeLists } from "./use-change-lists.ts";

/** Makes a list without entries. */
export function NewListForm({ onDone }: { readonly onDone: (list: IgnoreList) => void }) {
  const [kind, setKind] = useState<IgnoreListKind>("known_good");
  const make = useChangeLists(
    (body: { name: string; description: string; global: boolean }) =>
      client.ignoreLists.create({ body: { ...body, kind } }),
    ({ name }) => `Made “${name}”`,
  );
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const body = {
      name: String(form.get("name")),
      description: String(form.get("description")),
      global: form.get("global") !== null,
    };
    make.mutate(body, { onSuccess: onDone });
  };
  return (
    <form className={styles["form"]} onSubmit={submit}>
      {make.isError && <ProblemNotice error={make.error} title="The list was not made" />}
      <Field label="Name">{(control) => <Input {...control} name="name" required maxLength={200} />}</Field>
      <Field label="Description" hint="What it holds, and where that comes from.">
        {(control) => <Input {...control} name="description" maxLength={4000} />}
      </Field>
      <div>
        <Choice label="Kind" value={kind} options={kindWords} onChange={setKind} />
        <p className={styles["hint"]}>{kindHints[kind]}</p>
      </div>
      <label className={styles["check"]}>
        <input type="checkbox" name="global" defaultChecked />
        For all sources
      </label>
      <Button type="submit" variant="primary" busy={make.isPending}>
        Make list
      </Button>
    </form>
  );
}
