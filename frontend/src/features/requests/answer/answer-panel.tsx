import type { RequestSummary } from "@assay/contract";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { paths } from "../../../api/paths.ts";
import { Mark, markWords } from "../../../components/mark.tsx";
import { ended, type Place } from "../view/lookup-view.ts";
import { markOf } from "../view/weigh.ts";
import { AnswerBody } from "./answer-body.tsx";
import { AnswerOrigin } from "./answer-origin.tsx";
import { Problems } from "./problems.tsx";
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
        <AnswerBody
          answer={answer}
          provider={source.provider.name}
          versionId={answer.source.versionId}
          markings={request}
        />
      )}
    </article>
  );
}

const quiet: Readonly<Record<string, string>> = {
  skipped: "It was not asked.",
  unanswered: "The lookup ended before this source answered. Look it up again to ask it.",
};
