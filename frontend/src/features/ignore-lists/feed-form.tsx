import { entryTypes, importFormats, type ListFeed } from "@assay/contract";
import { type FormEvent, useState } from "react";
import { Button } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";
import { Input } from "../../components/input.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { SelectField } from "../../components/select-field.tsx";
import { everyChoices, everyWords, feedFormatWords } from "./feed-words.ts";
import { typeWords } from "./list-words.ts";
import styles from "./lists.module.css";

interface FeedFormProps {
  readonly feed: ListFeed | null;
  readonly error: Error | null;
  readonly busy: boolean;
  readonly onSave: (feed: ListFeed) => void;
}

export function FeedForm({ feed, error, busy, onSave }: FeedFormProps) {
  const [format, setFormat] = useState<ListFeed["format"]>(feed?.format ?? "text");
  const every = feed?.everyMinutes ?? 1_440;
  const choices = [...new Set([...everyChoices, every])].toSorted((a, b) => a - b);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    onSave({
      url: String(form.get("url")).trim(),
      format,
      type: entryTypes.find((each) => each === form.get("type")) ?? null,
      invalid: form.get("leaveOut") === null ? "refuse" : "leave_out",
      everyMinutes: Number(form.get("every")),
    });
  };
  return (
    <form className={styles["form"]} onSubmit={submit}>
      {error && <ProblemNotice error={error} title="The list was not changed" />}
      <Field
        label="Address"
        hint="What it has takes the place of all entries. Addresses in private networks are refused unless the runner is allowed to reach them."
      >
        {(control) => (
          <Input
            {...control}
            name="url"
            type="url"
            mono
            required
            spellCheck={false}
            placeholder="https://"
            defaultValue={feed?.url ?? ""}
          />
        )}
      </Field>
      <SelectField
        label="Format"
        options={importFormats}
        words={feedFormatWords}
        value={format}
        onChoose={(chosen) => setFormat(chosen ?? "text")}
      />
      {format !== "misp" && (
        <SelectField
          label="Each entry is"
          name="type"
          none="told by its looks"
          options={entryTypes}
          words={typeWords}
          defaultValue={feed?.type ?? undefined}
        />
      )}
      <SelectField
        label="Fetch it every"
        name="every"
        options={choices.map(String)}
        words={(minutes) => everyWords(Number(minutes))}
        defaultValue={String(every)}
      />
      <label className={styles["check"]}>
        <input type="checkbox" name="leaveOut" defaultChecked={feed?.invalid !== "refuse"} />
        Leave out lines that are not valid
      </label>
      <Button type="submit" variant="primary" busy={busy}>
        Save
      </Button>
    </form>
  );
}
