import type { FollowUp, RequestSummary } from "@assay/contract";
import { indicatorKindInfo } from "@assay/indicators";
import { RefreshCw, RotateCw, Shield, Square } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "../../../components/button.tsx";
import { CopyButton } from "../../../components/copy-button.tsx";
import { copyText } from "../../../components/copy.ts";
import { Tag } from "../../../components/tag.tsx";
import { exportAddress } from "../../../api/exports.ts";
import { useHotkeys } from "../../../components/use-hotkeys.ts";
import { ended } from "../view/lookup-view.ts";
import { useReader } from "../reading/reader.ts";
import { useStartLookup } from "../use-start-lookup.ts";
import { ExportMenu } from "../export/export-menu.tsx";
import { LookupMeta } from "./lookup-meta.tsx";
import { PrunedNotice } from "./pruned-notice.tsx";
import { useCancelLookup } from "./use-cancel-lookup.ts";
import styles from "./lookup-head.module.css";

interface LookupHeadProps {
  readonly request: RequestSummary;
  readonly mayRun: boolean;
  /** The way to decide what the indicator is; decisions are another feature's. */
  readonly decide: ReactNode;
}

/** What was looked up, and what can be done with it. */
export function LookupHead({ request, mayRun, decide }: LookupHeadProps) {
  const again = useStartLookup();
  const anew = useStartLookup();
  const cancel = useCancelLookup(request.id);
  const reader = useReader();
  const copyDefanged = (): void => {
    if (reader !== null) void copyText(reader.defang(request.kind, request.data), "defanged");
  };
  useHotkeys({ c: copyDefanged });
  const { data, kind, tlp, pap, visibility } = request;
  return (
    <header className={styles["head"]}>
      <div className={styles["line"]}>
        <h1 className={styles["data"]}>{data}</h1>
        <Tag title={indicatorKindInfo(kind).description}>{indicatorKindInfo(kind).label}</Tag>
        {request.ignoreLists.map(({ list, entry }) => (
          <Tag key={list.id} title={`On the ignore list by its entry ${entry.value}`}>
            {list.kind === "known_good" ? `Known good: ${list.name}` : list.name}
          </Tag>
        ))}
      </div>
      <div className={styles["actions"]}>
        <CopyButton text={data} what="indicator" />
        <Button
          size="s"
          icon={<Shield size={14} aria-hidden />}
          disabled={reader === null}
          onClick={copyDefanged}
          aria-keyshortcuts="c"
        >
          Copy defanged
        </Button>
        {decide}
        <ExportMenu copies addressOf={(format) => exportAddress(request.id, format)} />
        {!ended(request) && mayRun && (
          <Button
            size="s"
            variant="danger"
            icon={<Square size={12} aria-hidden />}
            busy={cancel.isPending}
            onClick={() => cancel.mutate()}
          >
            Cancel
          </Button>
        )}
        {ended(request) && mayRun && (
          <Button
            size="s"
            icon={<RotateCw size={14} aria-hidden />}
            busy={again.isPending}
            onClick={() => again.mutate({ data, kind, tlp, pap, visibility, ...followedAgain(request) })}
          >
            Look up again
          </Button>
        )}
        {ended(request) && mayRun && (
          <Button
            size="s"
            icon={<RefreshCw size={14} aria-hidden />}
            busy={anew.isPending}
            title="Asks every source anew instead of taking answers from the cache"
            onClick={() => anew.mutate({ data, kind, tlp, pap, visibility, ...followedAgain(request), refresh: true })}
          >
            Refresh
          </Button>
        )}
      </div>
      <LookupMeta request={request} />
      {request.prunedAnswers !== null && <PrunedNotice pruned={request.prunedAnswers} />}
    </header>
  );
}

/** One that was followed is followed again, as far as before. */
function followedAgain({ followUp }: RequestSummary): { followUp?: FollowUp } {
  if (followUp === null || followUp.relation !== null) return {};
  const { depth, most, kinds, types } = followUp;
  return { followUp: { depth, most, ...(kinds && { kinds }), ...(types && { types }) } };
}
