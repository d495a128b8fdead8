import type { RequestSummary } from "@assay/contract";
import { Link } from "@tanstack/react-router";
import { CornerLeftUp } from "lucide-react";
import { paths } from "../../../api/paths.ts";
import { CopyButton } from "../../../components/copy-button.tsx";
import { TimeAgo } from "../../../components/time-ago.tsx";
import { durationWords } from "../../../components/time.ts";
import { SeenBefore } from "./seen-before.tsx";
import { SeenBy } from "./seen-by.tsx";
import styles from "./lookup-meta.module.css";

/** When, under which markings, how long, and whether it was seen before. */
export function LookupMeta({ request }: { readonly request: RequestSummary }) {
  const tookMs = request.completedAt === null ? null : Date.parse(request.completedAt) - Date.parse(request.createdAt);
  return (
    <div className={styles["meta"]}>
      <span>
        Asked <TimeAgo time={request.createdAt} />
        {tookMs !== null && `, took ${durationWords(tookMs)}`}
      </span>
      <span className={styles["mono"]}>TLP:{request.tlp}</span>
      <span className={styles["mono"]}>PAP:{request.pap}</span>
      {request.parentId !== null && (
        <Link to={paths.lookup} params={{ id: request.parentId }} className={styles["parent"]}>
          <CornerLeftUp size={14} aria-hidden />
          Found by another lookup{request.followUp?.relation && `: ${request.followUp.relation.replaceAll("_", " ")}`}
        </Link>
      )}
      <SeenBy request={request} />
      {request.batchId !== null && (
        <Link to={paths.batch} params={{ id: request.batchId }}>
          Of a batch
        </Link>
      )}
      {request.traceId !== "" && (
        <span className={styles["trace"]}>
          Trace <code title={request.traceId}>{request.traceId.slice(0, 8)}</code>
          <CopyButton text={request.traceId} what="trace id" />
        </span>
      )}
      <SeenBefore id={request.id} />
    </div>
  );
}
