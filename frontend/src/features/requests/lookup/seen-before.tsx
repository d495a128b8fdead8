import type { RequestSummary } from "@assay/contract";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronDown, History } from "lucide-react";
import { Popover } from "radix-ui";
import { paths } from "../../../api/paths.ts";
import { requestHistoryQuery } from "../../../api/requests.ts";
import { Mark, markWords } from "../../../components/mark.tsx";
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
  const times = history.data.nextCursor === null ? countTimes(others.length) : `more than ${others.length} times`;
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <button type="button" className={styles["trigger"]}>
          <History size={14} aria-hidden />
          <span>
            Seen {times}, last <TimeAgo time={latest.createdAt} />
          </span>
          <ChevronDown size={14} aria-hidden />
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className={styles["content"]}
          align="start"
          sideOffset={4}
          collisionPadding={12}
          aria-label="Other lookups of it"
        >
          <ul>
            {others.map((request) => (
              <li key={request.id}>
                <OtherLookup request={request} />
              </li>
            ))}
          </ul>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
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
  return count === 1 ? "once more" : `${count} times more`;
}
