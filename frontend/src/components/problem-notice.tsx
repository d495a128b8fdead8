import { ApiError } from "@assay/contract";
import { RotateCw } from "lucide-react";
import { Button } from "./button.tsx";
import { CopyButton } from "./copy-button.tsx";
import { Notice } from "./notice.tsx";
import { problemAdvice, problemTitle } from "./problem-words.ts";
import styles from "./problem-notice.module.css";

interface ProblemNoticeProps {
  readonly error: Error;
  /** What could not be done, as in "The lookup could not be loaded". */
  readonly title?: string;
  readonly onRetry?: (() => void) | undefined;
}

/** A refusal or a failure: what happened, what to do, and the trace id to hand on. */
export function ProblemNotice({ error, title, onRetry }: ProblemNoticeProps) {
  const problem = error instanceof ApiError ? error.problem : null;
  const fieldErrors = problem?.errors?.filter((field) => !problem.detail.includes(field.message)) ?? [];
  return (
    <Notice
      tone="error"
      title={title ?? problemTitle(error)}
      action={
        onRetry && (
          <Button size="s" icon={<RotateCw size={14} aria-hidden />} onClick={onRetry}>
            Try again
          </Button>
        )
      }
    >
      {problem && <p>{problem.detail}</p>}
      {fieldErrors.map((field) => (
        <p key={field.field + field.message}>
          <code>{field.field}</code> {field.message}
        </p>
      ))}
      <p>{problemAdvice(error)}</p>
      {problem && problem.traceId !== "" && (
        <p className={styles["trace"]}>
          Trace <code>{problem.traceId}</code> <CopyButton text={problem.traceId} what="trace id" />
        </p>
      )}
    </Notice>
  );
}
