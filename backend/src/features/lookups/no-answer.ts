import type { AnswerProblem, Language } from "@assay/contract";
import { answerWithout, type Asked, type WrittenAnswer } from "./answer.ts";
import type { LiveLookup } from "./live-lookup.ts";
import type { PlannableSource } from "./plannable.ts";

/** What is said where nobody foresaw what happened. */
export const broken: AnswerProblem = {
  code: "INTERNAL",
  message: "Assay failed while it asked this source; its log says why",
};

/** Of a source that had not answered when its lookup was over. */
export function stopped(source: PlannableSource, late: boolean, lookup: LiveLookup, asked: Asked): WrittenAnswer {
  if (!late)
    return answerWithout(
      source,
      "skipped",
      [{ code: "CANCELLED", message: "The lookup was cancelled before this source had answered" }],
      asked,
    );
  const allowedMs = lookup.deadlineAtMs - Date.parse(lookup.request.createdAt);
  const message = `No answer within the lookup's deadline of ${allowedMs} ms`;
  return answerWithout(source, "failed", [{ code: "TIMEOUT", message }], asked);
}

/** Of a source that no runner could be had for. */
export function unavailable(language: Language, reason: string): AnswerProblem {
  return {
    code: "RUNNER_UNAVAILABLE",
    message: `No ${language === "PYTHON" ? "Python" : "JavaScript"} runner could be had: ${reason}`,
    language,
  };
}
