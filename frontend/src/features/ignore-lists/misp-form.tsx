import type { IgnoreList } from "@assay/contract";
import type { FormEvent } from "react";
import { client } from "../../api/client.ts";
import { Button } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import styles from "./lists.module.css";
import { useChangeLists } from "./use-change-lists.ts";

/** Makes a list of a file of MISP. */
export function MispForm({ onDone }: { readonly onDone: (list: IgnoreList) => void }) {
  const read = useChangeLists(
    async ({ file, global, leaveOut }: { file: File; global: boolean; leaveOut: boolean }) =>
      client.ignoreLists.import({
        body: { content: await file.text(), global, invalid: leaveOut ? "leave_out" : "refuse" },
      }),
    ({ name }) => `Imported “${name}”`,
  );
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const file = form.get("file");
    if (!(file instanceof File)) return;
    const choices = { global: form.get("global") !== null, leaveOut: form.get("leaveOut") !== null };
    read.mutate({ file, ...choices }, { onSuccess: onDone });
  };
  return (
    <form className={styles["form"]} onSubmit={submit}>
      {read.isError && <ProblemNotice error={read.error} title="Nothing was imported" />}
      <Field label="File" hint="The list.json of a MISP warning list: name, type, kind and entries are in it.">
        {(control) => <input {...control} type="file" name="file" accept=".json,application/json" required />}
      </Field>
      <label className={styles["check"]}>
        <input type="checkbox" name="global" defaultChecked />
        For all sources
      </label>
      <label className={styles["check"]}>
        <input type="checkbox" name="leaveOut" />
        Leave out entries that are not valid
      </label>
      <Button type="submit" variant="primary" busy={read.isPending}>
        Import list
      </Button>
    </form>
  );
}
