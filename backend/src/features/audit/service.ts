import type { AuditEvent, EventFilter } from "@assay/contract";
import { z } from "zod";
import type { Context } from "../../context.ts";
import { jsonLines } from "../../http/file.ts";
import type { FileAnswer } from "../../http/handlers.ts";
import { decodeCursor, type Page, pageOf, type PageQuery } from "../../page.ts";
import { fail } from "../../problem-error.ts";
import { deleteEvents, findEvent, listEvents } from "./queries.ts";
import { recordAudit } from "./record.ts";

const position = z.tuple([z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER)]);
const exportRows = 500;
const deleteRows = 5_000;

/** Events that pass the filter, newest first. */
export async function pageEvents(
  ctx: Context,
  { limit, cursor, ...filter }: PageQuery & EventFilter,
): Promise<Page<AuditEvent>> {
  const below = decodeCursor(cursor, position)?.[0] ?? null;
  const rows = await listEvents(ctx.db.pool, filter, below, limit + 1);
  return pageOf(
    rows,
    limit,
    ({ sequence }) => [String(sequence)],
    (event) => event,
  );
}

/** @throws ProblemError NOT_FOUND */
export async function getEvent(ctx: Context, id: string): Promise<AuditEvent> {
  return (await findEvent(ctx.db.pool, id)) ?? fail("NOT_FOUND", `There is no event ${id}.`);
}

/** All events that pass the filter, newest first; that somebody took them is an event as well. */
export async function exportEvents(ctx: Context, filter: EventFilter): Promise<FileAnswer> {
  const object = { type: "event", id: null, name: filterWords(filter) };
  await recordAudit(ctx.db.prisma, ctx, { action: "event.export", object });
  return {
    name: `assay-events-${ctx.clock.now().toISOString().slice(0, 10)}.jsonl`,
    mediaType: "application/jsonl; charset=utf-8",
    chunks: jsonLines(allEvents(ctx, filter)),
  };
}

async function* allEvents(ctx: Context, filter: EventFilter): AsyncGenerator<AuditEvent> {
  for (let below: number | null = null; ;) {
    const rows: AuditEvent[] = await listEvents(ctx.db.pool, filter, below, exportRows);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < exportRows) return;
    below = last.sequence;
  }
}

function filterWords(filter: EventFilter): string {
  const words = Object.entries(filter).filter(([, value]) => value !== undefined);
  return words.length === 0 ? "all events" : words.map(([name, value]) => `${name} ${value}`).join(", ");
}

/** Deletes events that are older than they are kept, in batches, until none is left or the work is called off. Returns how many. */
export async function pruneEvents(ctx: Pick<Context, "db" | "clock" | "signal">, keptDays: number): Promise<number> {
  const before = new Date(ctx.clock.now().getTime() - keptDays * 24 * 60 * 60 * 1000);
  let deleted = 0;
  while (!ctx.signal.aborted) {
    const batch = await ctx.db.transaction((tx) => deleteEvents(tx, before, deleteRows));
    deleted += batch;
    if (batch < deleteRows) break;
  }
  return deleted;
}
