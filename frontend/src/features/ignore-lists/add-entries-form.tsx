import { entryTypes, type IgnoreList, type ImportInput } from "@assay/contract";
import { type FormEvent, useState } from "react";
import { client } from "../../api/client.ts";
import { Button } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { SelectField } from "../../components/select-field.tsx";
import { TextArea } from "../../components/text-area.tsx";
import { changeWords, typeWords } from "./list-words.ts";
import styles from "./lists.module.css";
import { useChangeLists } from "./use-change-lists.ts";

interface AddEntriesFormProps {
  readonly list: IgnoreList;
  readonly onDone: () => void;
}

/** Puts entries into a list: pasted, or from a file of text, CSV or MISP. */
export function AddEntriesForm({ list, onDone }: AddEntriesFormProps) {
  const [file, setFile] = useState<File | null>(null);
  const add = useChangeLists(async ({ content, ...rest }: Omit<ImportInput, "format">) => {
    const body = { ...rest, content: file === null ? content : await file.text(), format: formatOf(file) };
    return client.ignoreLists.importEntries({ params: { id: list.id }, body });
  }, changeWords);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const type = entryTypes.find((each) => each === form.get("type"));
    add.mutate(
      {
        content: String(form.get("content") ?? ""),
        ...(type === undefined ? {} : { type }),
        mode: form.get("replace") === null ? "add" : "replace",
        invalid: form.get("leaveOut") === null ? "refuse" : "leave_out",
      },
      { onSuccess: onDone },
    );
  };
  return (
    <form className={styles["form"]} onSubmit={submit}>
      {add.isError && <ProblemNotice error={add.error} title="Nothing was added" />}
      {file === null && (
        <Field label="Entries" hint="One a line. A line that begins with # is a comment, one with ! an exception.">
          {(control) => (
            <TextArea {...control} name="content" required placeholder={"example.com\n192.0.2.0/24\n!192.0.2.66"} />
          )}
        </Field>
      )}
      <Field label="Or a file" hint="Text, CSV (the first column) or a MISP warning list (.json).">
        {(control) => (
          <input
            {...control}
            type="file"
            accept=".txt,.csv,.json"
            onChange={(event) => setFile(event.target.files?.[0] ?? null)}
          />
        )}
      </Field>
      <SelectField label="Each entry is" name="type" none="told by its looks" options={entryTypes} words={typeWords} />
      <label className={styles["check"]}>
        <input type="checkbox" name="replace" />
        In the place of all that it has
      </label>
      <label className={styles["check"]}>
        <input type="checkbox" name="leaveOut" />
        Leave out lines that are not valid
      </label>
      <Button type="submit" variant="primary" busy={add.isPending}>
        Add entries
      </Button>
    </form>
  );
}

function formatOf(file: File | null): ImportInput["format"] {
  if (file?.name.endsWith(".json")) return "misp";
  return file?.name.endsWith(".csv") ? "csv" : "text";
}
