import type { Answer, Request } from "@assay/contract";
import { defang, indicatorKindInfo } from "@assay/indicators";
import { askedForText } from "./asked-for-text.ts";
import { defangText } from "./defang-text.ts";
import { prunedText } from "./pruned-text.ts";

/** A lookup as it is told to people, defanged throughout. Nothing is escaped for any markup. */
export interface LookupReport {
  readonly indicator: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly answers: readonly AnswerReport[];
  readonly relations: readonly string[];
}

interface AnswerReport {
  readonly source: string;
  readonly says: string;
  readonly why: readonly string[];
}

const relationsMax = 100;

export function reportLookup(request: Request): LookupReport {
  const { verdict, kind, tlp, pap, prunedAnswers } = request;
  const { coverage } = verdict;
  const asked = `${coverage.asked} asked: ${coverage.answered} answered, ${coverage.noRecord} have no record, ${coverage.failed} failed, ${coverage.skipped} skipped`;
  const ties = new Set(
    request.answers.flatMap(({ relations }) =>
      relations.map((relation) => `${relation.type.replaceAll("_", " ")} ${defang(relation.kind, relation.data)}`),
    ),
  );
  const shown = [...ties].slice(0, relationsMax);
  if (ties.size > shown.length) shown.push(`… and ${ties.size - shown.length} more`);
  return {
    indicator: safe(defang(kind, request.data)),
    facts: [
      ["Kind", indicatorKindInfo(kind).label],
      ["Verdict", `${verdict.verdict}${verdict.provisional ? " (provisional)" : ""}`],
      ["Why", safe(`${verdict.rule}: ${verdict.text}`)],
      ["Sources", asked],
      ...(prunedAnswers === null ? [] : [["Deleted", prunedText(prunedAnswers)] as const]),
      ["TLP", tlp],
      ["PAP", pap],
      ["Looked up", request.createdAt],
      ["Lookup", request.id],
    ],
    answers: request.answers.map(reportAnswer),
    relations: shown.map(safe),
  };
}

function reportAnswer({
  source,
  outcome,
  verdict,
  reasons,
  problems,
  labels,
  facts,
  link,
  askedFor,
}: Answer): AnswerReport {
  const told = Object.entries(facts).map(
    ([name, value]) => `${name}: ${Array.isArray(value) ? value.join(", ") : value}`,
  );
  const why = [
    ...reasons.map(({ text }) => text),
    ...problems.map(({ message }) => message),
    ...(labels.length === 0 ? [] : [`labels: ${labels.join(", ")}`]),
    ...told,
    ...(askedFor === undefined ? [] : [askedForText(askedFor)]),
    ...(link === null ? [] : [link]),
  ];
  const words = {
    ok: verdict === "none" ? "no opinion" : verdict,
    not_found: "no record",
    skipped: "skipped",
    failed: "failed",
  };
  return { source: safe(source.name), says: words[outcome], why: why.map(safe) };
}

function safe(text: string): string {
  return defangText(oneLine(text));
}

function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, " ").trim();
}
