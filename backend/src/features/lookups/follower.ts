import { type Answer, deadlineMsMax, deadlineMsMin, type FollowUpState, type RequestSummary } from "@assay/contract";
import type { Logger } from "@assay/process";
import { trace } from "@opentelemetry/api";
import type pg from "pg";
import {
  changeTree,
  claimUnfollowed,
  markFollowed,
  readOpenParent,
  readRootId,
  readTree,
  readTreeIndicators,
} from "./follow-queries.ts";
import { descendantsOf } from "./follow-tree.ts";
import { keyOf, type Related, relatedOf } from "./follow-up.ts";
import { isSettled, type LiveLookup } from "./live-lookup.ts";
import { readLookup } from "./lookup-queries.ts";
import type { Prepare, PreparedLookup } from "./lookups.ts";
import { writeLookups } from "./recorder-queries.ts";
import type { SourceRegistry } from "./source-registry.ts";

export interface FollowerOptions {
  readonly pool: pg.Pool;
  readonly node: string;
  readonly log: Logger;
  readonly registry: SourceRegistry;
  readonly prepare: Prepare;
  /** Has a lookup hear of what becomes of it, that it is closed or cancelled, from before it is stored. */
  readonly hold: (lookup: LiveLookup) => void;
  /** Lets go of one that is not to run. */
  readonly drop: (lookup: LiveLookup) => void;
  readonly run: (prepared: PreparedLookup) => void;
}

/** Looks up what the answers of lookups point to, where that was asked for. */
export interface Follower {
  /** Follows what has been stored of a lookup since the last call. */
  follow(lookup: LiveLookup): void;
  /** Follows nothing more from a lookup on; resolves with its follow-ups that run. */
  stop(id: string): Promise<string[]>;
  /** Follows lookups that ended without having been followed to the end, because their process ended too. */
  recover(ownToo: boolean): Promise<void>;
  /** Waits for what is under way, and starts no more. */
  close(): Promise<void>;
}

interface Parent {
  readonly request: Omit<RequestSummary, "verdict" | "status" | "completedAt" | "prunedAnswers">;
  readonly state: FollowUpState;
  readonly deadlineMs: number;
  /** Nothing more comes of it. */
  readonly ended: boolean;
}

/**
 * A follow-up is stored before it runs, in one transaction that holds the tree, so that none is started twice and never more than allowed: a
 * process that ends in between leaves a lookup like any other that nobody runs. A parent stays "not followed" until its last relation was.
 */
export function createFollower({ pool, node, log, registry, prepare, hold, drop, run }: FollowerOptions): Follower {
  const read = new WeakMap<LiveLookup, number>();
  const last = new Map<string, Promise<void>>();
  let closed = false;

  const followAnswers = async (parent: Parent, answers: readonly Pick<Answer, "relations">[]): Promise<void> => {
    const related = relatedOf(answers, parent.state);
    if (related.length === 0 && !parent.ended) return;
    const begun: PreparedLookup[] = [];
    const drops = (): void => begun.forEach(({ lookup }) => drop(lookup));
    await changeTree(pool, parent.state.rootId, async (client) => {
      const now = await readOpenParent(client, parent.request.id);
      if (!now) return;
      const known = await readTreeIndicators(client, parent.state.rootId);
      begun.push(...prepareNew({ ...parent, request: { ...parent.request, ...now } }, related, known));
      const lookups = begun.map(({ lookup }) => lookup);
      lookups.forEach(hold);
      if (lookups.length > 0) await writeLookups(client, node, lookups);
      if (parent.ended) await markFollowed(client, [parent.request.id]);
    }).catch((error: unknown) => {
      drops();
      throw error;
    });
    // Those that are not run now are taken over like any other whose process is gone.
    if (closed) return drops();
    for (const prepared of begun) {
      prepared.lookup.stored = { answers: 0, status: "running" };
      run(prepared);
    }
  };

  const prepareNew = (
    parent: Parent,
    related: readonly Related[],
    known: readonly Pick<Related, "kind" | "data">[],
  ): PreparedLookup[] => {
    const keys = new Set(known.map(keyOf));
    // The root is among the known, and is none of the follow-ups.
    const room = parent.state.most - (known.length - 1);
    const prepared: PreparedLookup[] = [];
    for (const each of related) {
      if (prepared.length >= room) break;
      if (keys.has(keyOf(each))) continue;
      const one = prepareOne(parent, each);
      if (one) prepared.push(one);
    }
    return prepared;
  };

  /** null: it is known to be good, or nobody could be asked about it. */
  const prepareOne = (
    { request, state, deadlineMs }: Parent,
    { kind, data, relation }: Related,
  ): PreparedLookup | null => {
    // A source that publishes what it is asked is asked by people only.
    const sourceIds = state.sourceIds?.filter((id) => {
      const source = registry.get(id);
      return source?.supportedIndicators.has(kind) === true && source.snapshot.exposure !== "public";
    });
    if (sourceIds?.length === 0) return null;
    const { tlp, pap, visibility, userId, callerClass, id: parentId } = request;
    const prepared = prepare(
      { data, kind, tlp, pap, visibility, deadlineMs, ...(sourceIds && { sourceIds }) },
      { userId, callerClass, parentId, followUp: { ...state, depth: state.depth - 1, relation } },
    );
    const { lookup, planned, active } = prepared;
    const isGood = lookup.request.ignoreLists.some(({ list }) => list.kind === "known_good");
    if (!isGood && planned.some(({ problems }) => problems.length === 0)) return prepared;
    trace.getSpan(active)?.end();
    return null;
  };

  /** One after the other for each parent. Never rejects: what could not be followed is found again by `recover`. */
  const queue = (id: string, work: () => Promise<void>): Promise<void> => {
    const mine = (last.get(id) ?? Promise.resolve())
      .then(work)
      .catch((err: unknown) => log.warn({ err, lookup: id }, "what a lookup points to could not be followed yet"))
      .finally(() => last.get(id) === mine && last.delete(id));
    last.set(id, mine);
    return mine;
  };

  return {
    follow(lookup) {
      const { followUp: state } = lookup.request;
      if (state === null || state.depth < 1 || closed) return;
      void queue(lookup.request.id, async () => {
        const from = read.get(lookup) ?? 0;
        const until = lookup.stored?.answers ?? 0;
        const ended = isSettled(lookup);
        // Of one that is being stopped it is not known yet why; its end tells.
        if (!ended && (from === until || lookup.abort.signal.aborted)) return;
        const answers = lookup.answers.slice(from, until).map(({ answer }) => answer);
        const deadlineMs = lookup.deadlineAtMs - Date.parse(lookup.request.createdAt);
        const parent = { request: lookup.request, state, deadlineMs: clampDeadline(deadlineMs), ended };
        await followAnswers(parent, lookup.status === "cancelled" ? [] : answers);
        read.set(lookup, until);
      });
    },
    async stop(id) {
      const rootId = await readRootId(pool, id);
      if (rootId === null) return [];
      return changeTree(pool, rootId, async (client) => {
        const below = descendantsOf(await readTree(client, rootId), id);
        await markFollowed(client, [id, ...below.map(({ request }) => request.id)]);
        return below.filter(({ request }) => request.status === "running").map(({ request }) => request.id);
      });
    },
    async recover(ownToo) {
      for (const id of await claimUnfollowed(pool, node, ownToo)) {
        const found = await readLookup(pool, id);
        const state = found?.request.followUp;
        if (!found || !state) continue;
        const { verdict: _, status, completedAt: __, ...request } = found.request;
        const deadlineMs = found.row.deadline_at.getTime() - found.row.created_at.getTime();
        const parent = { request, state, deadlineMs: clampDeadline(deadlineMs), ended: true };
        await queue(id, () => followAnswers(parent, status === "cancelled" ? [] : found.answers));
      }
    },
    async close() {
      closed = true;
      await Promise.all(last.values());
    },
  };
}

/** A lookup that was taken over has had more time than one may ask for. */
function clampDeadline(deadlineMs: number): number {
  return Math.min(Math.max(deadlineMs, deadlineMsMin), deadlineMsMax);
}
