import { batchCharsMax } from "@assay/contract";
import { Button } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";
import { pasteLong } from "../../components/paste-long.ts";
import { TextArea } from "../../components/text-area.tsx";
import { counted } from "./batch-words.ts";
import styles from "./new-batch.module.css";

interface BatchTextProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly wrong: string | null;
}

/** Browsers take many seconds to lay out more than this. */
const editedCharsMax = 200_000;
const shownCharsMax = 4000;

/** The text of a batch: to be edited, or, when it is long, only its beginning. */
export function BatchText({ text, onText, wrong }: BatchTextProps) {
  if (text.length > editedCharsMax) {
    return (
      <section className={styles["long"]} aria-label="Text or list">
        <p className={styles["line"]}>
          <strong>{counted(text.length, "character")}</strong>
          <Button size="s" onClick={() => onText("")}>
            Take another text
          </Button>
        </p>
        <pre>{text.slice(0, shownCharsMax)}…</pre>
      </section>
    );
  }
  return (
    <Field
      label="Text or list"
      hint={text === "" ? "A file can be dropped here, too." : `${counted(text.length, "character")}.`}
      error={wrong ?? undefined}
    >
      {(control) => (
        <TextArea
          {...control}
          value={text}
          onChange={(event) => onText(event.target.value)}
          onPaste={(event) => pasteLong(event, onText)}
          placeholder="One indicator a line, or any text: a report, a mail, a log; defanged or not"
          maxLength={batchCharsMax}
          rows={12}
        />
      )}
    </Field>
  );
}
