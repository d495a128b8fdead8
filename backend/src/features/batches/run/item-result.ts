import { isSettled, type LiveLookup, recordOf } from "../../lookups/live-lookup.ts";
import type { RequestSummary } from "@assay/contract";
import type { ItemRow } from "../batch-row.ts";
import type { ItemResult } from "./run-queries.ts";

type Item = Pick<ItemRow, "position" | "attempt">;

/** What came of an item whose lookup has left memory. */
export function resultOf(item: Item, lookup: LiveLookup): ItemResult {
  if (!isSettled(lookup)) return withoutLookup(item, "The database did not take the lookup; the log says why");
  return resultOfSummary(item, recordOf(lookup, "now").request);
}

/** What came of an item, by its lookup as it is stored. */
export function resultOfSummary({ position, attempt }: Item, { status, verdict }: RequestSummary): ItemResult {
  const { answered, noRecord, failed } = verdict.coverage;
  const told = { position, attempt, verdict: verdict.verdict, score: verdict.score, sourcesFailed: failed };
  if (status === "cancelled") return { ...told, state: "failed", note: "The lookup was cancelled" };
  if (failed > 0 && answered + noRecord === 0) return { ...told, state: "failed", note: "No source could answer" };
  return { ...told, state: "done", note: null };
}

/** What came of an item that no lookup could be made for. */
export function withoutLookup({ position, attempt }: Item, note: string): ItemResult {
  return { position, attempt, state: "failed", note, verdict: null, score: null, sourcesFailed: 0 };
}
