import type { Retention } from "@assay/contract";
import { bytesWords } from "../../components/bytes.ts";

/** Counts stop here. */
const countMost = 100_000;

/** What is about to be deleted, a part for each reason; none where nothing is. */
export function dueWords({ lookups, answers, bytes }: Retention["due"]): string[] {
  const counted = (count: number, one: string, many: string): string[] => {
    if (count === 0) return [];
    return [`${count.toLocaleString()}${count >= countMost ? " or more" : ""} ${count === 1 ? one : many}`];
  };
  return [
    ...counted(lookups, "lookup", "lookups"),
    ...counted(answers.ok, "answer", "answers"),
    ...counted(answers.not_found, "answer without a record", "answers without a record"),
    ...counted(answers.failed, "failure", "failures"),
    ...counted(answers.skipped, "skipped row", "skipped rows"),
    ...(bytes > 0 ? [`the oldest lookups, ${bytesWords(bytes)} of them`] : []),
  ];
}
