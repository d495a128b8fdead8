import type { Answer, RequestSummary } from "@assay/contract";
import { ExternalLink } from "lucide-react";
import { Tag } from "../../../components/tag.tsx";
import { AskedAbout } from "./asked-about.tsx";
import { AnswerRaw } from "./answer-raw.tsx";
import { FactList } from "./fact-list.tsx";
import { Reasons } from "./reasons.tsx";
import { RelationList } from "./relation-list.tsx";
import styles from "./answer-panel.module.css";

/** What an answer says, whichever source it is of. */
export type AnswerContent = Omit<Answer, "id" | "source" | "cache"> & Partial<Pick<Answer, "cache">>;

interface AnswerBodyProps {
  readonly answer: AnswerContent;
  readonly provider: string;
  /** Of the source that answered; none where the code is not saved. */
  readonly versionId?: string;
  /** Of the lookup, for what is looked up from here. */
  readonly markings?: Pick<RequestSummary, "tlp" | "pap" | "visibility">;
}

/** All of an answer below its title and problems, in the order in which it is read. */
export function AnswerBody({ answer, provider, versionId, markings }: AnswerBodyProps) {
  return (
    <>
      {answer.askedFor !== undefined && <AskedAbout askedFor={answer.askedFor} />}
      {answer.outcome === "not_found" && (
        <p className={styles["quiet"]}>The provider has no record of it. That says nothing about it, good or bad.</p>
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
      <RelationList relations={answer.relations} {...(markings ? { request: markings } : {})} />
      {answer.link !== null && (
        <a href={answer.link} target="_blank" rel="noreferrer noopener" className={styles["link"]}>
          Open at {provider} <ExternalLink size={14} aria-hidden />
        </a>
      )}
      <AnswerRaw answer={answer} {...(versionId === undefined ? {} : { versionId })} />
    </>
  );
}
