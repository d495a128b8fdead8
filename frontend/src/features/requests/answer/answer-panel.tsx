import type { RequestSummary } from "@assay/contract";
import { Link } from "@tanstack/react-router";
import { ExternalLink } from "lucide-react";
import type { ReactNode } from "react";
import { paths } from "../../../api/paths.ts";
import { Mark, markWords } from "../../../components/mark.tsx";
import { Tag } from "../../../components/tag.tsx";
import { ended, type Place } from "../view/lookup-view.ts";
import { markOf } from "../view/weigh.ts";
import { AnswerOrigin } from "./answer-origin.tsx";
import { AnswerRaw } from "./answer-raw.tsx";
import { FactList } from "./fact-list.tsx";
import { Problems } from "./problems.tsx";
import { Reasons } from "./reasons.tsx";
import { RelationList } from "./relation-list.tsx";
import styles from "./answer-panel.module.css";

interface AnswerPanelProps {
  readonly place: Place;
  readonly request: RequestSummary;
  /** A button that closes it, where it stands beside the list. */
  readonly close?: ReactNode;
}

/** All of one source's answer, in the order in which it is read. */
export function AnswerPanel({ place, request, close }: AnswerPanelProps) {
  const { source, answer } = place;
  const mark = markOf(place, ended(request));
  return (
    <article className={styles["panel"]} aria-label={`Answer of ${source.name}`}>
      <header className={styles["header"]}>
        <Mark name={mark} sizePx={20} />
        <div className={styles["title"]}>
          <h3>
            <Link to={paths.source} params={{ slug: source.slug }}>
              {source.name}
            </Link>{" "}
            <span className={[styles["word"], styles[mark]].join(" ")}>{markWords[mark]}</span>
          </h3>
          <AnswerOrigin source={source} />
        </div>
        {close}
      </header>
      <Problems problems={place.problems} />
      {answer === null ? (
        <p className={styles["quiet"]}>{mark === "running" ? "The answer is on its way." : (quiet[mark] ?? "")}</p>
      ) : (
        <>
          {answer.outcome === "not_found" && (
            <p className={styles["quiet"]}>
              The provider has no record of it. That says nothing about it, good or bad.
            </p>
          )}
          <Reasons reasons={answer.reasons} opinion={answer.verdict} />
          {answer.labels.length > 0 && (
            <div className={styles["labels"]} aria-label="Labels">
              {answer.labels.map((label) => (
                <Tag key={label}>{label}</Tag>
              ))}
            </div>
          )}
          <FactList facts={answer.facts} />
          <RelationList relations={answer.relations} request={request} />
          {answer.link !== null && (
            <a href={answer.link} target="_blank" rel="noreferrer noopener" className={styles["link"]}>
              Open at {source.provider.name} <ExternalLink size={14} aria-hidden />
            </a>
          )}
          <AnswerRaw answer={answer} />
        </>
      )}
    </article>
  );
}

const quiet: Readonly<Record<string, string>> = {
  skipped: "It was not asked.",
  unanswered: "The lookup ended before this source answered. Look it up again to ask it.",
};
