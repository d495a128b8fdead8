import { Button } from "./button.tsx";
import { CopyButton } from "./copy-button.tsx";
import styles from "./shown-once.module.css";

interface ShownOnceProps {
  readonly text: string;
  /** What it is, in a word. */
  readonly what: string;
  /** What to do when it is lost. */
  readonly note: string;
  readonly onDone: () => void;
}

/** A secret that was made just now and cannot be shown again. */
export function ShownOnce({ text, what, note, onDone }: ShownOnceProps) {
  return (
    <div className={styles["value"]}>
      <p>It is shown this once and stored nowhere. {note}</p>
      <output className={styles["secret"]} aria-label={what.charAt(0).toUpperCase() + what.slice(1)}>
        {text}
      </output>
      <div className={styles["actions"]}>
        <CopyButton text={text} what={what} worded />
        <Button variant="primary" onClick={onDone}>
          I have stored it
        </Button>
      </div>
    </div>
  );
}
