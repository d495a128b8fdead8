import type { RequestSummary } from "@assay/contract";
import type { MouseEvent } from "react";
import { IndicatorRow } from "../../../components/indicator-row.tsx";
import { markWords } from "../../../components/mark.tsx";
import { TimeAgo } from "../../../components/time-ago.tsx";
import { PrivateSign } from "../private-sign.tsx";
import { coverageWords } from "../view/coverage-words.ts";

interface LookupRowProps {
  readonly request: RequestSummary;
  readonly selected: boolean;
  /** Opens it beside the list instead; absent where there is no room. */
  readonly onPeek?: ((id: string) => void) | undefined;
}

/** A lookup on one line of a list. */
export function LookupRow({ request, selected, onPeek }: LookupRowProps) {
  const { verdict, coverage } = request.verdict;
  const peek = (event: MouseEvent): void => {
    if (onPeek === undefined || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    onPeek(request.id);
  };
  return (
    <IndicatorRow
      data={request.data}
      kind={request.kind}
      mark={request.status === "running" ? "running" : verdict}
      tone={verdict}
      words={markWords[verdict]}
      lookupId={request.id}
      sign={request.visibility === "private" && <PrivateSign />}
      note={request.status === "completed" ? `${coverage.answered} of ${coverage.asked} answered` : request.status}
      noteTitle={coverageWords(coverage)}
      time={<TimeAgo time={request.createdAt} />}
      selected={selected}
      onClick={peek}
    />
  );
}
