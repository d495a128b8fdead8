import { type Batch, batchCharsMax, type BatchInput } from "@assay/contract";
import { useMutation } from "@tanstack/react-query";
import { FileUp } from "lucide-react";
import { type DragEvent, type FormEvent, type ReactNode, useState } from "react";
import { client } from "../../api/client.ts";
import { Button } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";
import { Input } from "../../components/input.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { BatchText } from "./batch-text.tsx";
import { counted } from "./batch-words.ts";
import styles from "./new-batch.module.css";

interface NewBatchProps {
  readonly initialText: string;
  /** How its lookups are asked, and the control for it. */
  readonly options: Pick<BatchInput, "tlp" | "pap" | "visibility" | "deadlineMs" | "sourceIds">;
  readonly optionsControl: ReactNode;
  readonly onMade: (batch: Batch) => void;
}

/** A text, pasted or of a file; it is sent to the server, which shows what it would do before anything is asked. */
export function NewBatch({ initialText, options, optionsControl, onMade }: NewBatchProps) {
  const [text, setText] = useState(initialText);
  const [name, setName] = useState("");
  const [doubtful, setDoubtful] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const make = useMutation({
    mutationFn: () =>
      client.batches.create({
        body: { text, doubtful, start: false, ...options, ...(name.trim() === "" ? {} : { name: name.trim() }) },
      }),
    onSuccess: onMade,
  });
  const read = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    make.reset();
    // A character takes a byte at the least.
    if (file.size > 4 * batchCharsMax) return setWrong(`${file.name} is too large: ${limitWords}`);
    const content = await file.text();
    if (content.length > batchCharsMax) return setWrong(`${file.name} is too long: ${limitWords}`);
    setWrong(null);
    setText(content);
    if (name.trim() === "") setName(file.name.slice(0, 200));
  };
  const drop = (event: DragEvent): void => {
    if (event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    void read(event.dataTransfer.files[0]);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <form className={styles["form"]} onSubmit={submit} onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      <BatchText text={text} onText={setText} wrong={wrong} />
      <div className={styles["line"]}>
        <label className={styles["file"]}>
          <FileUp size={16} aria-hidden /> Choose a file
          <input
            type="file"
            accept=".txt,.csv,.tsv,.json,.jsonl,.eml,.log,.md,.html,.xml,text/*"
            onChange={(event) => {
              void read(event.target.files?.[0]);
              event.target.value = "";
            }}
          />
        </label>
        <label className={styles["check"]}>
          <input type="checkbox" checked={doubtful} onChange={(event) => setDoubtful(event.target.checked)} />
          Also what is doubtful, and private addresses
        </label>
      </div>
      <Field label="Name" hint="For you and others to find it again; may be left empty.">
        {(control) => (
          <Input {...control} value={name} onChange={(event) => setName(event.target.value)} maxLength={200} />
        )}
      </Field>
      {make.isError && <ProblemNotice error={make.error} title="The batch was not made" />}
      <div className={styles["line"]}>
        <Button type="submit" variant="primary" busy={make.isPending} disabled={text.trim() === ""}>
          Show what it would do
        </Button>
        {optionsControl}
        <p className={styles["hint"]}>Nothing is asked yet: you start it when you have seen what it would do.</p>
      </div>
    </form>
  );
}

const limitWords = `a batch takes ${counted(batchCharsMax, "character")} of text. Split it.`;
