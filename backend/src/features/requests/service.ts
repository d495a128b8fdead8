import type {
  KnownIndicator,
  RelatedRequests,
  Request,
  RequestDiff,
  RequestHistory,
  RequestInput,
  RequestSummary,
  Visibility,
} from "@assay/contract";
import type { Context } from "../../context.ts";
import { mayChange, mayRead } from "../../may-read.ts";
import { fail, failValidation } from "../../problem-error.ts";
import { recordAudit } from "../audit/record.ts";
import type { LookupRecord, NumberedEvent } from "../lookups/events.ts";
import { readTree } from "../lookups/follow-queries.ts";
import { descendantsOf, isComplete } from "../lookups/follow-tree.ts";
import { type LiveLookup, recordOf } from "../lookups/live-lookup.ts";
import { readLookup } from "../lookups/lookup-queries.ts";
import type { LookupOrigin, Lookups } from "../lookups/lookups.ts";
import { watchLookup } from "../lookups/watch.ts";
import { diffAnswers, type Side } from "./diff.ts";
import { countRequests, listKnown, listRequests, type RequestListFilter } from "./queries.ts";
import { readFilter } from "./read-filter.ts";
import { lookupObject, tellReading } from "./tell-reading.ts";

/** More lookups of one indicator than this are not counted. */
const seenMost = 1000;

export interface RequestPage {
  readonly items: RequestSummary[];
  readonly nextCursor: string | null;
}

/** Starts a lookup and waits for its end, `waitMs` at the most. `complete` tells whether it got there. */
export async function startRequest(
  lookups: Lookups,
  input: RequestInput,
  origin: LookupOrigin,
  waitMs: number,
): Promise<{ readonly request: Request; readonly complete: boolean }> {
  const lookup = lookups.start(input, origin);
  if (waitMs > 0) await lookups.settled(lookup, waitMs);
  if (lookup.stored === null || lookup.stored.status === "running") await lookups.stored(lookup);
  const request = requestOf(lookup);
  return { request, complete: request.status !== "running" };
}

/** One lookup with its answers, from memory while this process runs it. Throws NOT_FOUND, also where it may not be read. */
export async function getRequest(ctx: Context, lookups: Lookups, id: string): Promise<Request> {
  const request = await readableRequest(ctx, lookups, id);
  await tellReading(ctx, [request]);
  return request;
}

/** The events of a lookup after a sequence, until its end or until it may not be read any more. Throws NOT_FOUND. */
export async function* watchRequest(
  ctx: Context,
  lookups: Lookups,
  id: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<NumberedEvent> {
  let seen: RequestSummary | null = null;
  let told: Visibility | null = null;
  const readable = (request: RequestSummary): boolean => mayRead(ctx.actor, (seen = request));
  for await (const numbered of watchLookup(lookups, ctx.db.pool, id, readable, after, signal)) {
    const request = seen as RequestSummary | null;
    // Once, and again when it has been closed meanwhile.
    if (request && request.visibility !== told) await tellReading(ctx, [request]);
    told = request?.visibility ?? null;
    yield numbered;
  }
}

async function readableRequest(ctx: Context, lookups: Lookups, id: string): Promise<Request> {
  const { request, answers } = await readableRecord(ctx, lookups, id);
  return { ...request, answers: [...answers] };
}

async function readableRecord(ctx: Context, lookups: Lookups, id: string): Promise<LookupRecord> {
  const live = lookups.live(id);
  const found = live?.stored ? recordOf(live, "stored") : await readLookup(ctx.db.pool, id);
  if (!found || !mayRead(ctx.actor, found.request)) return fail("NOT_FOUND", `There is no lookup ${id}`);
  return found;
}

/** Lookups that pass the filter, newest first. */
export async function pageRequests(
  ctx: Context,
  filter: RequestListFilter,
  cursor: string | undefined,
  limit: number,
): Promise<RequestPage> {
  const stored = { ...filter, ...readFilter(filter) };
  const rows = await listRequests(ctx.db.pool, ctx.actor, stored, readPosition(cursor), limit + 1);
  const items = rows.slice(0, limit);
  await tellReading(ctx, items);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last ? writePosition(last) : null };
}

/** Other lookups of the same indicator, newest first. Throws NOT_FOUND. */
export async function pageHistory(
  ctx: Context,
  lookups: Lookups,
  id: string,
  cursor: string | undefined,
  limit: number,
): Promise<RequestHistory> {
  const { data, kind } = await getRequest(ctx, lookups, id);
  const others = { data, kind, not: id };
  const [page, seen] = await Promise.all([
    pageRequests(ctx, others, cursor, limit),
    countRequests(ctx.db.pool, ctx.actor, others, seenMost),
  ]);
  return { ...page, seen };
}

/** The lookups that came of one by following it, as far as they may be read. Throws NOT_FOUND. */
export async function relatedRequests(ctx: Context, lookups: Lookups, id: string): Promise<RelatedRequests> {
  const { followUp, status } = await getRequest(ctx, lookups, id);
  if (followUp === null) return { items: [], complete: status !== "running" };
  const tree = await readTree(ctx.db.pool, followUp.rootId);
  const items = descendantsOf(tree, id)
    .map(({ request }) => request)
    .filter((request) => mayRead(ctx.actor, request));
  await tellReading(ctx, items);
  return { items, complete: isComplete(tree, id) };
}

/** What is known of each indicator from lookups that may be read. */
export async function knownIndicators(
  ctx: Context,
  indicators: readonly Pick<KnownIndicator, "kind" | "data">[],
): Promise<KnownIndicator[]> {
  const rows = await listKnown(ctx.db.pool, ctx.actor, indicators);
  await tellReading(
    ctx,
    rows.flatMap(({ id, user_id: userId, visibility, tlp }) => (id === null ? [] : [{ id, userId, visibility, tlp }])),
  );
  return rows.map(({ kind, data, count, id, created_at: at, verdict }) => ({
    ...{ kind, data, count },
    last: id === null || at === null ? null : { id, createdAt: at.toISOString(), verdict },
  }));
}

/** What is different between two lookups of one indicator. Throws NOT_FOUND, or VALIDATION_FAILED when it is not one. */
export async function diffRequests(ctx: Context, lookups: Lookups, id: string, otherId: string): Promise<RequestDiff> {
  const asked = await readableRecord(ctx, lookups, id);
  const other = await readableRecord(ctx, lookups, otherId);
  await tellReading(ctx, [asked.request, other.request]);
  const { data, kind } = other.request;
  if (asked.request.data !== data || asked.request.kind !== kind)
    failValidation([{ field: "query.with", message: `is a lookup of another indicator: ${data} (${kind})` }]);
  const [before, after] = asked.request.createdAt < other.request.createdAt ? [asked, other] : [other, asked];
  return { before: before.request, after: after.request, sources: diffAnswers(sideOf(before), sideOf(after)) };
}

/** Of a lookup that retention took answers from, those that are missing. */
function sideOf({ request, plan, answers }: LookupRecord): Side {
  const there = new Set(answers.map(({ source }) => source.id));
  const planned = request.prunedAnswers === null ? [] : plan.map(({ source }) => source.id);
  return { answers, pruned: new Set(planned.filter((id) => !there.has(id))) };
}

/** Throws NOT_FOUND where it may not be read, FORBIDDEN where it may be read only. */
export async function changeableRequest(ctx: Context, lookups: Lookups, id: string): Promise<Request> {
  const request = await readableRequest(ctx, lookups, id);
  if (!mayChange(ctx.actor, request)) {
    fail("FORBIDDEN", "Only whoever asked this lookup, or an administrator, can change or cancel it.");
  }
  await tellReading(ctx, [request]);
  return request;
}

/** How long a cancelled lookup may take to end, wherever it runs. */
const cancelWaitMs = 5000;

/** Stops a lookup and answers with what there was by then. Throws NOT_FOUND, FORBIDDEN, or CONFLICT when it had ended already. */
export async function cancelRequest(ctx: Context, lookups: Lookups, id: string): Promise<Request> {
  const before = await changeableRequest(ctx, lookups, id);
  const ended = (): never => fail("CONFLICT", `The lookup ${id} has ended already`);
  const root = before.followUp?.rootId;
  if (before.status !== "running" && (root === undefined || isComplete(await readTree(ctx.db.pool, root), id))) ended();
  // Before it is stopped: the stop is a message to whoever runs it, which no transaction can undo.
  await recordAudit(ctx.db.prisma, ctx, { action: "request.cancel", object: lookupObject(before) });
  if (!(await lookups.cancel(id))) ended();
  if (before.status !== "running") return before;
  const live = lookups.live(id);
  if (live) {
    await lookups.settled(live, cancelWaitMs);
    return requestOf(live);
  }
  return endedElsewhere(ctx, lookups, id, ctx.clock.now().getTime() + cancelWaitMs);
}

async function endedElsewhere(ctx: Context, lookups: Lookups, id: string, untilMs: number): Promise<Request> {
  for (;;) {
    const request = await readableRequest(ctx, lookups, id);
    if (request.status !== "running" || ctx.clock.now().getTime() >= untilMs) return request;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function requestOf(lookup: LiveLookup): Request {
  const { request, answers } = recordOf(lookup, "stored");
  return { ...request, answers: [...answers] };
}

function writePosition(row: RequestSummary): string {
  return Buffer.from(`${row.createdAt} ${row.id}`).toString("base64url");
}

function readPosition(cursor: string | undefined): { createdAt: string; id: string } | null {
  if (cursor === undefined) return null;
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([0-9a-z]{12})$/.exec(
    Buffer.from(cursor, "base64url").toString(),
  );
  // 30 February has the form of a date.
  const isDate = match?.[1] !== undefined && isExactDate(match[1]);
  if (!match?.[1] || !match[2] || !isDate) {
    return fail("VALIDATION_FAILED", "The cursor is not one that a page gave", [
      { field: "query.cursor", message: "take the nextCursor of the page before, unchanged" },
    ]);
  }
  return { createdAt: match[1], id: match[2] };
}

function isExactDate(text: string): boolean {
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString() === text;
}
