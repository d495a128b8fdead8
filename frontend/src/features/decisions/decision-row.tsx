import type { Decision } from "@assay/contract";
import { indicatorKindInfo } from "@assay/indicators";
import { Link } from "@tanstack/react-router";
import { Pencil, Undo2 } from "lucide-react";
import { useState } from "react";
import { client } from "../../api/client.ts";
import { paths } from "../../api/paths.ts";
import { Button } from "../../components/button.tsx";
import { Confirm } from "../../components/confirm.tsx";
import { Mark } from "../../components/mark.tsx";
import { Modal } from "../../components/modal.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import rows from "../../components/rows.module.css";
import { Tag } from "../../components/tag.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { ChangeDecisionForm } from "./change-decision-form.tsx";
import { statusWords, untilWords, wordWords } from "./decision-words.ts";
import { useChangeDecisions } from "./use-change-decisions.ts";
import styles from "./decisions.module.css";

/** One decision: what, why, by whom, until when; and the ways to change and to end it. */
export function DecisionRow({ decision, mayWrite }: { readonly decision: Decision; readonly mayWrite: boolean }) {
  const [open, setOpen] = useState<"change" | "withdraw" | null>(null);
  const close = (): void => setOpen(null);
  const withdraw = useChangeDecisions(
    () => client.decisions.withdraw({ params: { id: decision.id } }),
    ({ data }) => `Withdrew the decision about ${data}`,
  );
  const { data, kind, verdict, status, reason, user, ended } = decision;
  const inForce = status === "in_force";
  return (
    <li className={rows["row"]} aria-label={`${data}: ${wordWords[verdict]}`}>
      <div className={rows["words"]}>
        <p className={styles["head"]}>
          <Mark name={verdict} />
          <span className={styles["word"]}>{wordWords[verdict]}</span>
          <Link to={paths.lookups} search={{ data, kind }} className={styles["data"]} title="Lookups of it">
            {data}
          </Link>
          <Tag>{indicatorKindInfo(kind).label}</Tag>
          {!inForce && <Tag>{statusWords[status]}</Tag>}
        </p>
        <p>{reason}</p>
        <p className={rows["facts"]}>
          <span>
            {user.name}, <TimeAgo time={decision.createdAt} />
          </span>
          <span>{untilWords(decision.expiresAt)}</span>
          {ended !== null && status !== "expired" && (
            <span>
              {statusWords[status]} by {ended.user.name} <TimeAgo time={ended.at} />
            </span>
          )}
        </p>
        {withdraw.isError && <ProblemNotice error={withdraw.error} title="The decision was not withdrawn" />}
      </div>
      {mayWrite && inForce && (
        <div className={rows["actions"]}>
          <Button size="s" icon={<Pencil size={14} aria-hidden />} onClick={() => setOpen("change")}>
            Change
          </Button>
          <Button size="s" icon={<Undo2 size={14} aria-hidden />} onClick={() => setOpen("withdraw")}>
            Withdraw
          </Button>
        </div>
      )}
      <Modal open={open === "change"} onClose={close} title="Change the decision">
        <ChangeDecisionForm decision={decision} onDone={close} />
      </Modal>
      <Confirm
        open={open === "withdraw"}
        title="Withdraw the decision?"
        verb="Withdraw decision"
        busy={withdraw.isPending}
        onConfirm={() => withdraw.mutate(undefined, { onSettled: close })}
        onClose={close}
      >
        From then on sources decide about {data} again. The decision stays here as history, and verdicts that rest on it
        stay as they are.
      </Confirm>
    </li>
  );
}
