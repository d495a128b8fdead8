import type { Answer, LookupEvent, PlanRow, RequestSummary, Verdict } from "@assay/contract";
import { weigh } from "./verdict.ts";

/** What the events of a lookup are derived from; the same on the node that runs it and on any that reads it back. */
export interface LookupRecord {
  readonly request: RequestSummary;
  readonly plan: readonly PlanRow[];
  /** In order of arrival. */
  readonly answers: readonly Answer[];
}

export interface NumberedEvent {
  /** 1, 2, …; the id of the event on the stream. */
  readonly sequence: number;
  readonly event: LookupEvent;
}

/** What a verdict rests on beside the answers. It is what it was when the lookup was started, whatever is decided or set later. */
export type Premises = Pick<Verdict, "decision" | "freshDays">;

type Weighable = Pick<RequestSummary, "createdAt" | "ignoreLists"> & Premises & Pick<LookupRecord, "plan" | "answers">;

/** The verdict over the first `count` answers, with the time of the lookup as "now" so that it can be derived again. */
export function verdictAfter(lookup: Weighable, count: number): Verdict {
  const answers = lookup.answers.slice(0, count);
  const { decision, freshDays, ignoreLists, plan, createdAt } = lookup;
  return weigh({ decision, freshDays, ignoreLists, asked: plan.length, answers, now: Date.parse(createdAt) });
}

/**
 * Derives the event stream of one lookup from its growing record: what each reading adds. The same record always gives the
 * same events with the same numbers, so a watcher that comes back with the last one it saw neither loses nor repeats any.
 */
export function createEventReader(): (record: LookupRecord) => NumberedEvent[] {
  let sequence = 0;
  let answersRead = 0;
  let verdict: Verdict | null = null;
  let ended = false;
  return (record) => {
    const events: NumberedEvent[] = [];
    const add = (event: LookupEvent): void => void events.push({ sequence: ++sequence, event });
    const { createdAt, ignoreLists, verdict: stored } = record.request;
    const { decision, freshDays } = stored;
    const weighable = { createdAt, ignoreLists, decision, freshDays, plan: record.plan, answers: record.answers };
    if (verdict === null) {
      verdict = verdictAfter(weighable, 0);
      add({
        type: "fetching_start",
        request: { ...record.request, status: "running", completedAt: null, verdict },
        plan: [...record.plan],
      });
    }
    for (const answer of record.answers.slice(answersRead)) {
      const type = answer.outcome === "ok" || answer.outcome === "not_found" ? "fetching_data" : "fetching_error";
      add({ type, sourceId: answer.source.id, answer });
      answersRead++;
      // Of what retention left nothing can be derived: the verdict was made with all of them, and is told at the end.
      if (record.request.prunedAnswers) continue;
      const next: Verdict = verdictAfter(weighable, answersRead);
      if (!sameVerdict(verdict, next)) add({ type: "verdict", verdict: next });
      verdict = next;
    }
    if (record.request.status !== "running" && !ended) {
      ended = true;
      if (record.request.prunedAnswers) add({ type: "verdict", verdict: record.request.verdict });
      add({ type: "fetching_end", request: record.request });
    }
    return events;
  };
}

/** Coverage alone is no change: it can be counted from the answers. */
function sameVerdict(a: Verdict, b: Verdict): boolean {
  const sameWord = a.verdict === b.verdict && a.rule === b.rule && a.conflicts.length === b.conflicts.length;
  return sameWord && a.score === b.score && a.provisional === b.provisional;
}
