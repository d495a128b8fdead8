import { indicatorKindInfo } from "@assay/indicators";
import { Link } from "@tanstack/react-router";
import { ArrowRight, X } from "lucide-react";
import { paths } from "../../../api/paths.ts";
import { CopyButton } from "../../../components/copy-button.tsx";
import { IconButton } from "../../../components/icon-button.tsx";
import { Mark, markWords } from "../../../components/mark.tsx";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { Tag } from "../../../components/tag.tsx";
import { keyFacts } from "../answer/fact-words.ts";
import { problemShort } from "../answer/problem-words.ts";
import { CoverageLine } from "../lookup/coverage-line.tsx";
import { LookupSkeleton } from "../lookup/lookup-skeleton.tsx";
import { PrivateSign } from "../private-sign.tsx";
import { ended, type Place } from "../view/lookup-view.ts";
import { useLookup } from "../view/use-lookup.ts";
import { isNotAsked, markOf, topReasons } from "../view/weigh.ts";
import styles from "./lookup-peek.module.css";

/** A lookup in short, beside the list. */
export function LookupPeek({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const { query } = useLookup(id);
  const view = query.data;
  if (query.isError && view === undefined) {
    return (
      <ProblemNotice error={query.error} title="The lookup cannot be shown" onRetry={() => void query.refetch()} />
    );
  }
  if (view === undefined) return <LookupSkeleton />;
  const { request } = view;
  const { verdict } = request.verdict;
  return (
    <article className={styles["peek"]} aria-label={`Lookup of ${request.data}`}>
      <header className={styles["head"]}>
        <h2 className={styles["data"]}>{request.data}</h2>
        <CopyButton text={request.data} what="indicator" />
        <IconButton label="Close" icon={<X size={16} aria-hidden />} onClick={onClose} />
      </header>
      <div>
        <Tag>{indicatorKindInfo(request.kind).label}</Tag> {request.visibility === "private" && <PrivateSign />}
      </div>
      <p className={[styles["verdict"], styles[verdict]].join(" ")}>
        <Mark name={verdict} sizePx={20} /> {markWords[verdict]}
      </p>
      <p>{request.verdict.text}</p>
      <ul className={styles["reasons"]}>
        {topReasons(view, 3).map((reason) => (
          <li key={reason.source + reason.text}>
            {reason.text} <span className={styles["by"]}>{reason.source}</span>
          </li>
        ))}
      </ul>
      <CoverageLine coverage={request.verdict.coverage} />
      <ul className={styles["places"]}>
        {view.places
          .filter((place) => !isNotAsked(place))
          .map((place) => (
            <PeekPlace key={place.source.id} id={id} place={place} done={ended(request)} />
          ))}
      </ul>
      <Link to={paths.lookup} params={{ id }} className={styles["whole"]}>
        Open the whole lookup <ArrowRight size={16} aria-hidden />
      </Link>
    </article>
  );
}

function PeekPlace({ id, place, done }: { readonly id: string; readonly place: Place; readonly done: boolean }) {
  const mark = markOf(place, done);
  const problem = place.problems[0];
  const words = problem ? problemShort(problem) : keyFacts(place.answer?.facts ?? {}).join(" · ");
  return (
    <li>
      <Link to={paths.lookup} params={{ id }} search={{ source: place.source.slug }} className={styles["place"]}>
        <Mark name={mark} />
        <span>{place.source.name}</span>
        <span className={styles["words"]}>{words || markWords[mark]}</span>
      </Link>
    </li>
  );
}
