import { ApiError } from "@assay/contract";
import { CircleAlert } from "lucide-react";
import { Mono } from "../../../components/mono.tsx";
import { problemAdvice, problemTitle } from "../../../components/problem-words.ts";
import type { Reading } from "../reading/read-indicator.ts";
import styles from "./box-message.module.css";

interface BoxMessageProps {
  readonly id: string;
  readonly text: string;
  readonly reading: Reading;
  /** The reader has pressed Enter, and it cannot be asked. */
  readonly wrong: boolean;
  readonly error: Error | null;
}

const noSource = "No source is chosen. Choose at least one in the options.";

/** Under the box: what will be asked, or what is wrong. */
export function BoxMessage({ id, text, reading, wrong, error }: BoxMessageProps) {
  return (
    <div id={id} className={styles["message"]} aria-live="polite">
      <Words text={text} reading={reading} wrong={wrong} error={error} />
    </div>
  );
}

function Words({ text, reading, wrong, error }: Omit<BoxMessageProps, "id">) {
  if (error !== null) {
    const what = error instanceof ApiError ? error.problem.detail : `${problemTitle(error)}. ${problemAdvice(error)}`;
    return <Wrong text={what} />;
  }
  if (reading.state === "unread" && reading.within > 0) return <p className={styles["form"]}>{reading.reason}</p>;
  if (wrong) return <Wrong text={reading.state === "unread" ? reading.reason : noSource} />;
  if (reading.state === "read" && reading.data !== text.trim()) {
    return (
      <p className={styles["form"]}>
        {reading.refanged ? "Refanged, asks for" : "Asks for"} <Mono text={reading.data} />
      </p>
    );
  }
  return null;
}

function Wrong({ text }: { readonly text: string }) {
  return (
    <p className={styles["wrong"]}>
      <CircleAlert size={16} aria-hidden /> <span>{text}</span>
    </p>
  );
}
