import type { RequestSummary } from "@assay/contract";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronDown, History } from "lucide-react";
import { paths } from "../../../api/paths.ts";
import { requestHistoryQuery } from "../../../api/requests.ts";
import { Mark, markWords } from "../../../components/mark.tsx";
import { Popover } from "../../../components/popover.tsx";
import { TimeAgo } from "../../../components/time-ago.tsx";
import { PrivateSign } from "../private-sign.tsx";
import styles from "./seen-before.module.css";

/** Other lookups of the same indicator, behind one line. */
export function SeenBefore({ id }: { readonly id: string }) {
  const history = useQuery(requestHistoryQuery(id));
  if (!history.isSuccess) return null;
  const others = history.data.items.filter((request) => request.id !== id);
  const latest = others[0];
  if (latest === undefined) return <span>Not seen before</span>;
  const { count, last } = history.data.seen;
  const by = last?.user.name ?? null;
  return (
    <Popover
      label="Other lookups of it"
      align="start"
      className={styles["content"]}
      trigger={
        <button type="button" className={styles["trigger"]}>
          <History size={14} aria-hidden />
          <span>
            Seen {countTimes(count)}, last <TimeAgo time={latest.createdAt} />
            {by !== null && ` by ${by}`}
          </span>
          <ChevronDown size={14} aria-hidden />
        </button>
      }
    >
      <ul>
        {others.map((request) => (
          <li key={request.id} className={styles["row"]}>
            <OtherLookup request={request} />
            <Link to={paths.compare} params={{ id, otherId: request.id }} className={styles["compare"]}>
              Compare
            </Link>
          </li>
        ))}
      </ul>
    </Popover>
  );
}

function OtherLookup({ request }: { readonly request: RequestSummary }) {
  return (
    <Link to={paths.lookup} params={{ id: request.id }} className={styles["other"]}>
      <Mark name={request.verdict.verdict} />
      <span className={styles["words"]}>
        {markWords[request.verdict.verdict]} {request.visibility === "private" && <PrivateSign />}
      </span>
      <TimeAgo time={request.createdAt} />
    </Link>
  );
}

function countTimes(count: number): string {
  if (count >= 1000) return "1000 times or more";
  return count === 1 ? "once more" : `${count} times more`;
}
