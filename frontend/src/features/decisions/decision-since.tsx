import type { Decision, RequestSummary } from "@assay/contract";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMay } from "../../api/auth.ts";
import { decisionAboutQuery } from "../../api/decisions.ts";
import { paths } from "../../api/paths.ts";
import { Mark } from "../../components/mark.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { untilWords, wordWords } from "./decision-words.ts";
import styles from "./decisions.module.css";

/** On a lookup: what has been decided about its indicator since it was asked. The verdict stays as it was then. */
export function DecisionSince({ request }: { readonly request: RequestSummary }) {
  const mayRead = useMay("decisions:read");
  const query = useQuery({ ...decisionAboutQuery(request.kind, request.data), enabled: mayRead });
  const then = request.verdict.decision;
  if (!query.isSuccess || query.data?.id === then?.id) return null;
  return (
    <section className={styles["since"]} aria-label="Decision since">
      {query.data ? (
        <Since decision={query.data} />
      ) : (
        <p>The decision that this verdict rests on is no longer in force. Look it up again for what sources say now.</p>
      )}
      <Link to={paths.decisions} search={{ data: request.data, kind: request.kind }}>
        All decisions about it
      </Link>
    </section>
  );
}

function Since({ decision }: { readonly decision: Decision }) {
  return (
    <p>
      <span className={styles["sinceWord"]}>
        Decided after this lookup: <Mark name={decision.verdict} sizePx={14} /> {wordWords[decision.verdict]}
      </span>{" "}
      by {decision.user.name} <TimeAgo time={decision.createdAt} />, {untilWords(decision.expiresAt)}. {decision.reason}
    </p>
  );
}
