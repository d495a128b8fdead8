import type { Request, RequestDiff, RequestHistory, RequestInput, RequestSummary } from "@assay/contract";
import type { Context } from "../../context.ts";
import { fail, failValidation } from "../../problem-error.ts";
import { recordAudit } from "../audit/record.ts";
import { type LiveLookup, recordOf } from "../lookups/live-lookup.ts";
import { readLookup } from "../lookups/lookup-queries.ts";
import type { Lookups } from "../lookups/lookups.ts";
import { diffAnswers } from "./diff.ts";
import { readFilter } from "./read-filter.ts";
import { countRequests, listRequests, type RequestListFilter } from "./queries.ts";

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
  userId: string,
  waitMs: number,
): Promise<{ readonly request: Request; readonly complete: boolean }> {
  const lookup = lookups.start(input, userId);
  if (waitMs > 0) await lookups.settled(lookup, waitMs);
  if (lookup.stored === null || lookup.stored.status === "running") await lookups.stored(lookup);
  const request = requestOf(lookup);
  return { request, complete: request.status !== "running" };
}

/** One lookup with its answers, from memory while this process runs it. Throws NOT_FOUND. */
export async function getRequest(ctx: Context, lookups: Lookups, id: string): Promise<Request> {
  const live = lookups.live(id);
  if (live?.stored) return requestOf(live);
  const found = await readLookup(ctx.db.pool, id);
  if (!found) fail("NOT_FOUND", `There is no lookup ${id}`);
  return { ...found.request, answers: [...found.answers] };
}

/** Lookups that pass the filter, newest first. */
export async function pageRequests(
  ctx: Context,
  filter: RequestListFilter,
  cursor: string | undefined,
  limit: number,
): Promise<RequestPage> {
  const rows = await listRequests(ctx.db.pool, { ...filter, ...readFilter(filter) }, readPosition(cursor), limit + 1);
  const items = rows.slice(0, limit);
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
    countRequests(ctx.db.pool, others, seenMost),
  ]);
  return { ...page, seen };
}

/** What is different between two lookups of one indicator. Throws NOT_FOUND, or VALIDATION_FAILED when it is not one. */
export async function diffRequests(ctx: Context, lookups: Lookups, id: string, otherId: string): Promise<RequestDiff> {
  const asked = await getRequest(ctx, lookups, id);
  const other = await getRequest(ctx, lookups, otherId);
  if (asked.data !== other.data || asked.kind !== other.kind) {
    failValidation([
      { field: "query.with", message: `is a lookup of another indicator: ${other.data} (${other.kind})` },
    ]);
  }
  const [before, after] = asked.createdAt < other.createdAt ? [asked, other] : [other, asked];
  const { answers: old, ...beforeSummary } = before;
  const { answers: now, ...afterSummary } = after;
  return { before: beforeSummary, after: afterSummary, sources: diffAnswers(old, now) };
}

/** How long a cancelled lookup may take to end, wherever it runs. */
const cancelWaitMs = 5000;

/** Stops a lookup and answers with what there was by then. Throws NOT_FOUND, or CONFLICT when it had ended already. */
export async function cancelRequest(ctx: Context, lookups: Lookups, id: string): Promise<Request> {
  const before = await getRequest(ctx, lookups, id);
  const ended = (): never => fail("CONFLICT", `The lookup ${id} has ended already`);
  if (before.status !== "running") ended();
  // Before it is stopped: the stop is a message to whoever runs it, which no transaction can undo.
  const object = { type: "request", id, name: before.data };
  await recordAudit(ctx.db.prisma, ctx, { action: "request.cancel", object });
  if (!(await lookups.cancel(id))) ended();
  const live = lookups.live(id);
  if (live) {
    await lookups.settled(live, cancelWaitMs);
    return requestOf(live);
  }
  return endedElsewhere(ctx, lookups, id, ctx.clock.now().getTime() + cancelWaitMs);
}

async function endedElsewhere(ctx: Context, lookups: Lookups, id: string, untilMs: number): Promise<Request> {
  for (;;) {
    const request = await getRequest(ctx, lookups, id);
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
