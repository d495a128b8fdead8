import type { Answer, AnswerProblem, IgnoreListMatch, PlanRow, SourceSnapshot, Verdict } from "@assay/contract";
import { LRUCache } from "lru-cache";
import type { Clock } from "../../context.ts";
import type { CachedAnswer } from "../cache/cached-answer.ts";
import { ageSeconds, noTime, type WrittenAnswer } from "./answer.ts";
import { answerIdOf } from "./answer-id.ts";
import { type LiveLookup, recordOf } from "./live-lookup.ts";

/**
 * A lookup whose answers are recorded serves those after it for so long. Retention keeps everything longer by that much, so that
 * nothing goes before its time with the lookup that holds it, and none that others may still name is ever deleted.
 */
export const sharedForMs = 30 * 60_000;
/** More do not share the answers of one, so that deleting it with all of them stays short. */
const sharersMax = 100;
/** Of text that is held to compare with; most of it the cache holds as well. */
const charsMax = 16 * 1024 * 1024;

interface Original {
  readonly id: string;
  readonly createdAtMs: number;
  readonly plan: readonly PlanRow[];
  readonly answers: readonly Given[];
  readonly ignoreLists: readonly IgnoreListMatch[];
  readonly verdictText: string;
  sharers: number;
}

/** What two lookups were given, apart from what is each one's own. */
interface Given {
  readonly source: SourceSnapshot;
  /** Why it was not asked. */
  readonly problems: readonly AnswerProblem[];
  /** What it said, as JSON, and until when it is kept; null: it was not asked. */
  readonly hit: Pick<CachedAnswer, "json" | "expiresAtMs"> | null;
}

/**
 * Which lookups share their answers. One that asks what a recorded one has asked, and is given the same from the cache, differs from it in
 * nothing that is not in its own row: who asked, when, under which marking. So the answers are not written again; see `sharedAnswer`.
 */
export interface AnswerSharing {
  /** Whose answers a lookup has that is not recorded yet; null: its own are to be recorded. */
  of(lookup: LiveLookup): Sharing | null;
  /** Takes a lookup whose answers have been recorded: others may share them from now on. */
  recorded(lookup: LiveLookup): void;
}

export interface Sharing {
  /** The id of a lookup of the same indicator, on the same ignore lists. */
  readonly answersOf: string;
  /** Its verdict, where it is another one: what speaks against an indicator weighs less as it grows older. */
  readonly verdict: Verdict | null;
}

export function createAnswerSharing(clock: Clock): AnswerSharing {
  const originals = new LRUCache<string, Original>({
    maxSize: charsMax,
    sizeCalculation: ({ answers }) => 1_000 + answers.reduce((sum, { hit }) => sum + 200 + (hit?.json.length ?? 0), 0),
  });
  const isYoung = (createdAtMs: number): boolean => clock.now().getTime() - createdAtMs < sharedForMs;
  return {
    of(lookup) {
      if (lookup.stored !== null || !isShareable(lookup)) return null;
      const original = originals.get(keyOf(lookup));
      if (!original || original.sharers >= sharersMax || !isYoung(original.createdAtMs) || !isSame(original, lookup))
        return null;
      original.sharers++;
      const verdict = verdictOf(lookup);
      return { answersOf: original.id, verdict: JSON.stringify(verdict) === original.verdictText ? null : verdict };
    },
    recorded(lookup) {
      if (!isShareable(lookup)) return;
      const { request, plan, answers } = lookup;
      const { id, ignoreLists } = request;
      const createdAtMs = Date.parse(request.createdAt);
      // It may have waited for long for a database that was away.
      if (!isYoung(createdAtMs)) return;
      const given = {
        plan,
        answers: answers.map(givenOf),
        ignoreLists,
        verdictText: JSON.stringify(verdictOf(lookup)),
      };
      originals.set(keyOf(lookup), { id, createdAtMs, ...given, sharers: 0 });
    },
  };
}

const verdictOf = (lookup: LiveLookup): Verdict => recordOf(lookup, "now").request.verdict;
const keyOf = ({ request: { kind, data } }: LiveLookup): string => `${kind} ${data}`;

/** Whether it was given everything from the cache, and need not be by itself: nothing follows from it, and it may leave traces in others. */
function isShareable({ cachedAtMs, request }: LiveLookup): boolean {
  return cachedAtMs !== null && request.followUp === null && request.tlp !== "RED";
}

function givenOf({ answer: { source, problems }, hit }: WrittenAnswer): Given {
  return hit
    ? { source, problems: [], hit: { json: hit.json, expiresAtMs: hit.expiresAtMs } }
    : { source, problems, hit: null };
}

function isSame(original: Original, { request, plan, answers }: LiveLookup): boolean {
  return (
    areSame(request.ignoreLists, original.ignoreLists) &&
    plan.length === original.plan.length &&
    answers.length === original.answers.length &&
    plan.every((row, at) => isSameRow(row, original.plan[at])) &&
    answers.every((written, at) => wasGiven(written, original.answers[at]))
  );
}

/** A source as it was is one object as long as nothing about it changes. */
function isSameRow(a: PlanRow, b: PlanRow | undefined): boolean {
  return a.source === b?.source && areSame(a.problems, b.problems);
}

function wasGiven({ answer, hit }: WrittenAnswer, given: Given | undefined): boolean {
  if (answer.source !== given?.source) return false;
  if (!hit || !given.hit) return !hit && !given.hit && areSame(answer.problems, given.problems);
  return hit.expiresAtMs === given.hit.expiresAtMs && hit.json === given.hit.json;
}

function areSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && (a.length === 0 || JSON.stringify(a) === JSON.stringify(b));
}

/** Of a lookup that shares the answers of another, what makes them its own. Times in milliseconds since the epoch. */
export interface Sharer {
  readonly id: string;
  readonly traceId: string;
  readonly createdAtMs: number;
  readonly completedAtMs: number;
}

/** An answer of the lookup that holds it, at its place, as it was given to the one that shares it. */
export function sharedAnswer(held: Answer, place: number, sharer: Sharer): Answer {
  const startedAt = new Date(sharer.createdAtMs).toISOString();
  const own = { ...held, id: answerIdOf(sharer.id, place), traceId: sharer.traceId };
  if (held.outcome === "skipped") return { ...own, fetchedAt: startedAt, timing: noTime(startedAt, startedAt) };
  return {
    ...own,
    timing: noTime(startedAt, new Date(sharer.completedAtMs).toISOString()),
    cache: { ...held.cache, ageSeconds: ageSeconds(Date.parse(held.fetchedAt), sharer.completedAtMs) },
  };
}
