import { entryTypes, importFormats, type ListFeed } from "@assay/contract";
import { type FormEvent, useState } from "react";
import { Button } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";
import { Input, Select } from "../../components/input.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
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
      <Field label="Format">
        {(control) => (
          <Select
            {...control}
            value={format}
            onChange={(event) => setFormat(importFormats.find((each) => each === event.target.value) ?? "text")}
          >
            {importFormats.map((each) => (
              <option key={each} value={each}>
                {feedFormatWords[each]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {format !== "misp" && (
        <Field label="Each entry is">
          {(control) => (
            <Select {...control} name="type" defaultValue={feed?.type ?? ""}>
              <option value="">told by its looks</option>
              {entryTypes.map((each) => (
                <option key={each} value={each}>
                  {typeWords[each]}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
      <Field label="Fetch it every">
        {(control) => (
          <Select {...control} name="every" defaultValue={String(every)}>
            {choices.map((minutes) => (
              <option key={minutes} value={minutes}>
                {everyWords(minutes)}
              </option>
            ))}
          </Select>
        )}
      </Field>
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
