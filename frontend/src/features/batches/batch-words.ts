import type { Batch, BatchItem, BatchStatus } from "@assay/contract";
import { type MarkName, markWords } from "../../components/mark.tsx";
import { durationWords } from "../../components/time.ts";

export const statusWords: Readonly<Record<BatchStatus, string>> = {
  ready: "Not started",
  running: "Running",
  paused: "Paused",
  completed: "Completed",
  cancelled: "Cancelled",
  failed: "Stopped",
};

export const verdictOrder = ["malicious", "suspicious", "benign", "unknown"] as const;

const grouped = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

/** "12,345" */
export const count = (number: number): string => grouped.format(number);

/** "1 indicator", "12,345 indicators" */
export const counted = (number: number, thing: string): string => `${count(number)} ${thing}${number === 1 ? "" : "s"}`;

/** What a batch is called. */
export function nameOf({ name, counts }: Batch): string {
  return name ?? counted(counts.total, "indicator");
}

/** "40 a second, about 5 min left", while it runs. */
export function paceWords({ status, ratePerSecond, remainingSeconds }: Batch): string | null {
  if (status !== "running") return null;
  if (ratePerSecond === null || remainingSeconds === null) return "Starting";
  return `${count(ratePerSecond)} a second, about ${durationWords(Math.max(1, remainingSeconds) * 1000)} left`;
}

/** How an item is shown: its verdict once there is one, else why there is none. */
export function itemMark({ state, verdict }: BatchItem, isUnderWay: boolean): { mark: MarkName; words: string } {
  if (state === "failed") return { mark: "failed", words: markWords.failed };
  if (state === "ignored") return { mark: "skipped", words: "Ignored" };
  if (state === "done" && verdict) return { mark: verdict, words: markWords[verdict] };
  return { mark: "unanswered", words: isUnderWay ? "Waiting" : "Not asked" };
}
