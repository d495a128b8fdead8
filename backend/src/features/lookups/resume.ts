import type { LookupRecord } from "./events.ts";
import { type LiveLookup, newLiveLookup } from "./live-lookup.ts";
import type { RequestRow } from "./lookup-queries.ts";
import type { PlannedSource } from "./plan.ts";
import type { SourceRegistry } from "./source-registry.ts";

/** A lookup that is taken over gets at least this much time again. */
const freshTimeMs = 10_000;

/** What is still to be done of a lookup whose process is gone: the planned sources without an answer. */
export function resumePlan(
  found: LookupRecord & { readonly row: RequestRow },
  registry: SourceRegistry,
  nowMs: number,
): { lookup: LiveLookup; planned: PlannedSource[] } {
  const answered = new Set(found.answers.map((answer) => answer.source.id));
  const planned = found.plan
    .filter((row) => !answered.has(row.source.id))
    .flatMap((row): PlannedSource[] => {
      const source = registry.get(row.source.id);
      return source ? [{ source, problems: row.problems }] : [];
    });
  const { status: _, completedAt: __, verdict, prunedAnswers: ___, ...request } = found.request;
  const gone = new Set(found.plan.filter((row) => !answered.has(row.source.id) && !registry.get(row.source.id)));
  const lookup = newLiveLookup({
    request,
    premises: { decision: verdict.decision, freshDays: verdict.freshDays },
    // A source that was deleted meanwhile can have no answer any more.
    plan: found.plan.filter((row) => !gone.has(row)),
    deadlineAtMs: Math.max(found.row.deadline_at.getTime(), nowMs + freshTimeMs),
    // What it had not taken from the cache by then it wanted fresh.
    cachedSinceMs: Date.parse(request.createdAt),
    takesStale: false,
    answers: found.answers.map((answer) => ({ answer, json: JSON.stringify(answer) })),
    stored: { answers: found.answers.length, status: "running" },
  });
  return { lookup, planned };
}
