import type { Source } from "@assay/contract";
import { useState } from "react";
import { Button } from "../../../components/button.tsx";
import { Notice } from "../../../components/notice.tsx";
import { TimeAgo } from "../../../components/time-ago.tsx";
import { LineDiffView } from "../line-diff-view.tsx";
import { type Draft, draftOf } from "./draft.ts";
import styles from "./source-editor.module.css";

interface ConflictNoticeProps {
  /** As somebody else saved it. */
  readonly theirs: Source;
  readonly mine: Draft;
  readonly onTakeTheirs: () => void;
  readonly onKeepMine: () => void;
}

const files = ["code", "manifest"] as const;

/** Somebody saved another version meanwhile: what differs, and which of the two goes on. Nothing is lost until one is chosen. */
export function ConflictNotice({ theirs, mine, onTakeTheirs, onKeepMine }: ConflictNoticeProps) {
  const [comparing, setComparing] = useState(false);
  const their = draftOf(theirs);
  return (
    <div className={styles["conflict"]}>
      <Notice
        tone="warning"
        title="Somebody else has saved this source"
        action={
          <>
            <Button size="s" aria-expanded={comparing} onClick={() => setComparing(!comparing)}>
              Compare
            </Button>
            <Button size="s" onClick={onTakeTheirs}>
              Take version {theirs.versionNumber}
            </Button>
            <Button size="s" onClick={onKeepMine}>
              Go on with mine
            </Button>
          </>
        }
      >
        <p>
          Version {theirs.versionNumber} was saved <TimeAgo time={theirs.updatedAt} />. What you wrote is not saved and
          nothing is overwritten. When you go on with yours, the next save replaces theirs, which stays among the
          versions.
        </p>
      </Notice>
      {comparing && <p className={styles["hint"]}>− only in version {theirs.versionNumber} · + only in yours</p>}
      {comparing &&
        files
          .filter((file) => their[file] !== mine[file])
          .map((file) => (
            <LineDiffView key={file} before={their[file]} after={mine[file]} label={`Differences of the ${file}`} />
          ))}
    </div>
  );
}
