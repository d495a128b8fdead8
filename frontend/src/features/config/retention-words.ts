import type { Retention } from "@assay/contract";
import { bytesWords } from "../../components/bytes.ts";

/** Counts stop here. */
const countMost = 100_000;

/** What is about to be deleted, a part for each reason; none where nothing is. */
export function dueWords({ lookups, batches, answers, bytes }: Retention["due"]): string[] {
  const counted = (count: number, one: string, many: string): string[] => {
    if (count === 0) return [];
    return [`${count.toLocaleString()}${count >= countMost ? " or more" : ""} ${count === 1 ? one : many}`];
  };
  return [
    ...counted(lookups, "lookup", "lookups"),
    ...counted(batches, "batch", "batches"),
    ...counted(answers.ok, "answer", "answers"),
    ...counted(answers.not_found, "answer without a record", "answers without a record"),
    ...counted(answers.failed, "failure", "failures"),
    ...counted(answers.skipped, "skipped row", "skipped rows"),
    ...(bytes > 0 ? [`the oldest lookups and batches, ${bytesWords(bytes)} of them`] : []),
  ];
}
