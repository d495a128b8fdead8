import { type Batch, isBatchOver } from "@assay/contract";
import { Pause, Play, RotateCw, Square, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "../../components/button.tsx";
import { Confirm } from "../../components/confirm.tsx";
import { Tag } from "../../components/tag.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { counted, nameOf, statusWords } from "./batch-words.ts";
import { useChangeBatch, useDeleteBatch } from "./use-change-batch.ts";
import styles from "./batch-head.module.css";

interface BatchHeadProps {
  readonly batch: Batch;
  /** Own, or an administrator's to change. */
  readonly mayChange: boolean;
  readonly exportMenu: ReactNode;
  readonly onDeleted: () => void;
}

/** What a batch is, and what can be done with it. */
export function BatchHead({ batch, mayChange, exportMenu, onDeleted }: BatchHeadProps) {
  const { status, counts, tlp, pap, visibility, createdAt } = batch;
  return (
    <header className={styles["head"]}>
      <div className={styles["line"]}>
        <h1 className={styles["name"]}>{nameOf(batch)}</h1>
        <Tag>{statusWords[status]}</Tag>
      </div>
      <p className={styles["facts"]}>
        <span>{counted(counts.total, "indicator")}</span>
        <span>
          made <TimeAgo time={createdAt} />
        </span>
        <span>TLP:{tlp}</span>
        <span>PAP:{pap}</span>
        <span>{visibility === "private" ? "Private" : "Seen by everyone"}</span>
        <span>{batch.sourceIds === null ? "All sources" : counted(batch.sourceIds.length, "source")}</span>
      </p>
      <div className={styles["actions"]}>
        {counts.done + counts.failed > 0 && exportMenu}
        {mayChange && <Actions batch={batch} onDeleted={onDeleted} />}
      </div>
    </header>
  );
}

function Actions({ batch, onDeleted }: Pick<BatchHeadProps, "batch" | "onDeleted">) {
  const { status, counts } = batch;
  const change = useChangeBatch(batch.id);
  const remove = useDeleteBatch(batch.id, onDeleted);
  const [asking, setAsking] = useState<"cancel" | "delete" | null>(null);
  const verb = change.isPending ? change.variables : null;
  const isIdle = counts.running === 0;
  const mayRetry = isIdle && (status === "completed" || status === "paused" || status === "failed");
  return (
    <>
      {status === "ready" && (
        <Button
          size="s"
          variant="primary"
          icon={<Play size={14} aria-hidden />}
          busy={verb === "start"}
          onClick={() => change.mutate("start")}
        >
          Start
        </Button>
      )}
      {status === "running" && (
        <Button
          size="s"
          icon={<Pause size={14} aria-hidden />}
          busy={verb === "pause"}
          onClick={() => change.mutate("pause")}
        >
          Pause
        </Button>
      )}
      {status === "paused" && (
        <Button
          size="s"
          variant="primary"
          icon={<Play size={14} aria-hidden />}
          busy={verb === "resume"}
          onClick={() => change.mutate("resume")}
        >
          Go on
        </Button>
      )}
      {mayRetry && counts.failed > 0 && (
        <Button
          size="s"
          icon={<RotateCw size={14} aria-hidden />}
          busy={verb === "retry"}
          onClick={() => change.mutate("retry")}
        >
          Retry what failed
        </Button>
      )}
      {mayRetry && counts.incomplete > 0 && (
        <Button
          size="s"
          icon={<RotateCw size={14} aria-hidden />}
          busy={verb === "retryIncomplete"}
          onClick={() => change.mutate("retryIncomplete")}
        >
          Retry what is incomplete
        </Button>
      )}
      {(status === "ready" || status === "running" || status === "paused") && (
        <Button size="s" variant="danger" icon={<Square size={12} aria-hidden />} onClick={() => setAsking("cancel")}>
          Cancel
        </Button>
      )}
      {isBatchOver(batch) && (
        <Button size="s" variant="danger" icon={<Trash2 size={14} aria-hidden />} onClick={() => setAsking("delete")}>
          Delete
        </Button>
      )}
      <Confirm
        open={asking === "cancel"}
        title="Cancel this batch?"
        verb="Cancel it"
        cancelVerb="Let it be"
        danger
        busy={change.isPending}
        onConfirm={() => change.mutate("cancel", { onSettled: () => setAsking(null) })}
        onClose={() => setAsking(null)}
      >
        Lookups that are under way are stopped, and the batch cannot be taken up again. What was answered stays.
      </Confirm>
      <Confirm
        open={asking === "delete"}
        title="Delete this batch?"
        verb="Delete it"
        danger
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
        onClose={() => setAsking(null)}
      >
        Only the batch is forgotten: its lookups stay in the history.
      </Confirm>
    </>
  );
}
