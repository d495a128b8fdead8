import { CopyButton } from "../../../components/copy-button.tsx";
import { Mono } from "../../../components/mono.tsx";
import { TimeAgo } from "../../../components/time-ago.tsx";
import { durationWords } from "../../../components/time.ts";
import { answerMs } from "../view/weigh.ts";
import type { AnswerContent } from "./answer-body.tsx";
import { cacheWords } from "./cache-words.ts";
import styles from "./fact-list.module.css";
import own from "./answer-timing.module.css";

/** Where the time went, when it was asked, and the ids to hand on. */
export function AnswerTiming({ answer, versionId }: { readonly answer: AnswerContent; readonly versionId?: string }) {
  const { timing } = answer;
  const cached = answer.cache && cacheWords[answer.cache.state];
  const parts = [
    ["Waited for a slot", timing.queuedMs],
    ["In the sandbox", timing.sandboxMs],
    ["Of that, upstream", timing.upstreamMs],
    ["In all", answerMs(answer)],
  ] as const;
  return (
    <dl className={styles["facts"]}>
      {parts.map(([words, durationMs]) => (
        <div key={words} className={own["row"]}>
          <dt>{words}</dt>
          <dd>{durationWords(durationMs)}</dd>
        </div>
      ))}
      <div className={own["row"]}>
        <dt>Asked</dt>
        <dd>
          <TimeAgo time={answer.fetchedAt} />
        </dd>
      </div>
      {cached && (
        <div className={own["row"]}>
          <dt>Cache</dt>
          <dd>{cached.long}</dd>
        </div>
      )}
      {answer.cache !== undefined && answer.cache.expiresAt !== null && (
        <div className={own["row"]}>
          <dt>Kept until</dt>
          <dd>
            <TimeAgo time={answer.cache.expiresAt} />
          </dd>
        </div>
      )}
      {answer.observedAt !== null && (
        <div className={own["row"]}>
          <dt>Observed by it</dt>
          <dd>
            <TimeAgo time={answer.observedAt} />
          </dd>
        </div>
      )}
      {answer.traceId !== "" && (
        <div className={own["row"]}>
          <dt>Trace</dt>
          <dd className={own["id"]}>
            <Mono text={answer.traceId} /> <CopyButton text={answer.traceId} what="trace id" />
          </dd>
        </div>
      )}
      {versionId !== undefined && (
        <div className={own["row"]}>
          <dt>Version</dt>
          <dd className={own["id"]}>
            <Mono text={versionId} />
          </dd>
        </div>
      )}
    </dl>
  );
}
