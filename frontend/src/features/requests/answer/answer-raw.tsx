import { Tabs } from "radix-ui";
import { CopyButton } from "../../../components/copy-button.tsx";
import { JsonTree } from "../../../components/json-tree.tsx";
import tabs from "../../../components/tabs.module.css";
import type { AnswerContent } from "./answer-body.tsx";
import { AnswerTiming } from "./answer-timing.tsx";
import { HttpCalls } from "./http-calls.tsx";
import { LogLines } from "./log-lines.tsx";
import styles from "./answer-raw.module.css";

interface AnswerRawProps {
  readonly answer: AnswerContent;
  readonly versionId?: string;
}

/** What lies beneath an answer: the JSON as the source gave it, its logs, its calls and where the time went. */
export function AnswerRaw({ answer, versionId }: AnswerRawProps) {
  const hasData = answer.data !== null;
  return (
    <Tabs.Root defaultValue={hasData ? "json" : "timing"} className={styles["raw"]}>
      <Tabs.List className={tabs["list"]} aria-label="Beneath the answer">
        {hasData && (
          <Tabs.Trigger value="json" className={tabs["tab"]}>
            JSON
          </Tabs.Trigger>
        )}
        <Tabs.Trigger value="timing" className={tabs["tab"]}>
          Timing
        </Tabs.Trigger>
        <Tabs.Trigger value="http" className={tabs["tab"]} disabled={answer.http.length === 0}>
          Calls <span className={tabs["count"]}>{answer.http.length}</span>
        </Tabs.Trigger>
        <Tabs.Trigger value="logs" className={tabs["tab"]} disabled={answer.logs.length === 0}>
          Logs <span className={tabs["count"]}>{answer.logs.length}</span>
        </Tabs.Trigger>
      </Tabs.List>
      <Tabs.Content value="json" className={styles["json"]}>
        <div className={styles["copy"]}>
          <CopyButton text={JSON.stringify(answer.data, null, 2)} what="JSON" />
        </div>
        <JsonTree value={answer.data} />
      </Tabs.Content>
      <Tabs.Content value="timing">
        <AnswerTiming answer={answer} {...(versionId === undefined ? {} : { versionId })} />
      </Tabs.Content>
      <Tabs.Content value="http">
        <HttpCalls calls={answer.http} />
      </Tabs.Content>
      <Tabs.Content value="logs">
        <LogLines lines={answer.logs} />
      </Tabs.Content>
    </Tabs.Root>
  );
}
