import { isDeepStrictEqual } from "node:util";
import { type Answer, Facts, type Json, type SourceDiff } from "@assay/contract";

/** The answers of one lookup, and the sources whose answers retention deleted, by id. */
export interface Side {
  readonly answers: readonly Answer[];
  readonly pruned: ReadonlySet<string>;
}

/** What is different between the answers of two lookups, a row per source, those that changed first. What was deleted is no change. */
export function diffAnswers(before: Side, after: Side): SourceDiff[] {
  const old = new Map(before.answers.map((answer) => [answer.source.id, answer]));
  const now = new Map(after.answers.map((answer) => [answer.source.id, answer]));
  return [...new Set([...now.keys(), ...old.keys()])]
    .flatMap((id) => {
      const pruned = before.pruned.has(id) ? "before" : after.pruned.has(id) ? "after" : null;
      return diffAnswer(old.get(id), now.get(id), pruned) ?? [];
    })
    .toSorted((a, b) => Number(b.changed) - Number(a.changed));
}

function diffAnswer(
  before: Answer | undefined,
  after: Answer | undefined,
  pruned: SourceDiff["pruned"],
): SourceDiff | null {
  const source = (after ?? before)?.source;
  if (source === undefined) return null;
  const verdictOf = (answer: Answer | undefined) => (answer?.outcome === "ok" ? answer.verdict : null);
  const facts = Facts.keyof().options.flatMap((name) => {
    const [old, now] = [(before?.facts[name] ?? null) as Json, (after?.facts[name] ?? null) as Json];
    return isDeepStrictEqual(old, now) ? [] : [{ name, before: old, after: now }];
  });
  const diff = {
    source,
    outcome: { before: before?.outcome ?? null, after: after?.outcome ?? null },
    verdict: { before: verdictOf(before), after: verdictOf(after) },
    reasons: diffLists(before?.reasons, after?.reasons),
    labels: diffLists(before?.labels, after?.labels),
    facts,
    relations: diffLists(before?.relations, after?.relations),
  };
  const lists = [diff.reasons, diff.labels, diff.relations];
  const changed =
    diff.outcome.before !== diff.outcome.after ||
    diff.verdict.before !== diff.verdict.after ||
    facts.length > 0 ||
    lists.some(({ added, removed }) => added.length + removed.length > 0);
  return { ...diff, changed: changed && pruned === null, pruned };
}

function diffLists<T>(before: readonly T[] = [], after: readonly T[] = []): { added: T[]; removed: T[] } {
  const key = (item: T): string =>
    JSON.stringify(
      typeof item === "object" && item !== null ? Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)) : item,
    );
  const [old, now] = [new Set(before.map(key)), new Set(after.map(key))];
  return { added: after.filter((item) => !old.has(key(item))), removed: before.filter((item) => !now.has(key(item))) };
}
