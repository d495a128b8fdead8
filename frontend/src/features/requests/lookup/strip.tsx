import type { RequestSummary } from "@assay/contract";
import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { Mark, markWords } from "../../../components/mark.tsx";
import { TimeAgo } from "../../../components/time-ago.tsx";
import { durationWords } from "../../../components/time.ts";
import { cacheWords } from "../answer/cache-words.ts";
import { askedForShort } from "../answer/asked-for-words.ts";
import { keyFacts } from "../answer/fact-words.ts";
import { problemShort } from "../answer/problem-words.ts";
import { isOld } from "../view/freshness.ts";
import { ended, type Place } from "../view/lookup-view.ts";
import { answerMs, markOf } from "../view/weigh.ts";
import styles from "./strip.module.css";

interface StripProps {
  readonly place: Place;
  readonly request: RequestSummary;
  readonly open: boolean;
  readonly onToggle: () => void;
  readonly detail: ((place: Place) => ReactNode) | null;
}

/** One source on one line: its word, key facts, age and time. The same height from the first event to the last. */
export function Strip({ place, request, open, onToggle, detail }: StripProps) {
  const mark = markOf(place, ended(request));
  const { answer } = place;
  const cached = answer === null ? null : cacheWords[answer.cache.state];
  // Of what comes from the cache it is worth knowing how old it is, even where the provider gives no date.
  const shownAt = answer?.observedAt ?? (cached && answer ? answer.fetchedAt : null);
  return (
    <li className={styles["item"]}>
      <button
        type="button"
        data-strip
        className={[styles["strip"], styles[mark], open ? styles["open"] : ""].join(" ")}
        aria-expanded={open}
        onClick={onToggle}
      >
        <Mark name={mark} />
        <span className={styles["name"]}>{place.source.name}</span>
        <span className={styles["word"]}>{markWords[mark]}</span>
        <span className={styles["facts"]}>
          {request.verdict.conflicts.includes(place.source.slug) && (
            <span className={styles["conflict"]}>
              in conflict with {request.verdict.rule === "R0" ? "the decision" : "a known-good list"}
            </span>
          )}
          <Facts place={place} />
        </span>
        <span className={styles["age"]}>
          {shownAt !== null && (
            <TimeAgo time={shownAt} old={isOld(request.verdict.freshDays, shownAt, Date.now())} short />
          )}
        </span>
        <span className={styles["time"]} {...(cached ? { title: cached.long } : {})}>
          {cached?.short ?? (answer !== null && answer.outcome !== "skipped" ? durationWords(answerMs(answer)) : "")}
        </span>
        <ChevronRight size={16} aria-hidden className={styles["chevron"]} />
      </button>
      {open && detail !== null && <div className={styles["detail"]}>{detail(place)}</div>}
    </li>
  );
}

function Facts({ place }: { readonly place: Place }) {
  const problem = place.problems[0];
  if (problem !== undefined) return <span className={styles["problem"]}>{problemShort(problem)}</span>;
  if (place.answer === null) return null;
  const { askedFor } = place.answer;
  const reason = place.answer.reasons[0];
  const facts = keyFacts(place.answer.facts);
  const parts = [
    ...(askedFor === undefined ? [] : [askedForShort(askedFor)]),
    ...(reason === undefined ? [] : [reason.text]),
    ...facts,
  ];
  return parts.map((part, at) => <span key={`${at} ${part}`}>{part}</span>);
}
