import type { DecisionInForce, RequestSummary } from "@assay/contract";
import { Link } from "@tanstack/react-router";
import { paths } from "../../../api/paths.ts";
import { TimeAgo } from "../../../components/time-ago.tsx";
import { dateOnly } from "../../../components/time.ts";
import styles from "./decision-line.module.css";

interface DecisionLineProps {
  readonly decision: DecisionInForce;
  readonly request: RequestSummary;
}

/** Who decided, when and until when, on the stone. */
export function DecisionLine({ decision, request }: DecisionLineProps) {
  const { user, createdAt, expiresAt } = decision;
  return (
    <p className={styles["line"]}>
      <span>
        {user.name}, <TimeAgo time={createdAt} />
      </span>
      <span>{expiresAt === null ? "until withdrawn" : `until ${dateOnly(expiresAt)}`}</span>
      <Link to={paths.decisions} search={{ data: request.data, kind: request.kind }}>
        Decisions about it
      </Link>
    </p>
  );
}
