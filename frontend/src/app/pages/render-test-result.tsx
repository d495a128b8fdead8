import type { SourceTestResult } from "@assay/contract";
import { AnswerBody } from "../../features/requests/answer/answer-body.tsx";
import { Problems } from "../../features/requests/answer/problems.tsx";

/** Draws what code answered that was tried: answers are another feature's than sources. */
export function renderTestResult(result: SourceTestResult, provider: string) {
  return (
    <>
      <Problems problems={result.problems} />
      <AnswerBody answer={result} provider={provider} />
    </>
  );
}
