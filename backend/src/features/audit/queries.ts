import type { AuditEvent, EventFilter, FieldChange } from "@assay/contract";
import type pg from "pg";
import type { Transaction } from "../../db/database.ts";
import type { Event, Prisma } from "../../db/generated/client.ts";

/** An event as it is written; its sequence is the database's. */
export type EventFields = Omit<Event, "sequence" | "changes"> & { readonly changes: Prisma.InputJsonValue };

export async function insertEvent(tx: Transaction, event: EventFields): Promise<void> {
  await tx.event.create({ data: event });
}

interface EventRow {
  readonly sequence: string;
  readonly id: string;
  readonly created_at: Date;
  readonly actor_type: AuditEvent["actor"]["type"];
  readonly actor_id: string | null;
  readonly actor_name: string | null;
  readonly token_id: string | null;
  readonly action: string;
  readonly object_type: string;
  readonly object_id: string | null;
  readonly object_name: string;
  readonly changes: FieldChange[];
  readonly count: number;
  readonly address: string | null;
  readonly user_agent: string | null;
  readonly request_id: string | null;
  readonly trace_id: string | null;
}

const columns = `sequence, id, created_at, actor_type, actor_id, actor_name, token_id, action, object_type, object_id, object_name, changes,
  count, address, user_agent, request_id, trace_id`;
/** Where the filter's text is looked for. */
const searched = `concat_ws(' ', object_name, object_id, action, actor_name, actor_id, token_id, address, request_id, trace_id, changes::text)`;

/** Of these objects, those of which somebody's doing of this action is recorded since a time. */
export async function objectsRecorded(
  tx: Transaction,
  done: { readonly action: string; readonly objectType: string; readonly actorId: string; readonly since: Date },
  objectIds: readonly string[],
): Promise<Set<string>> {
  const { action, objectType, actorId, since } = done;
  const rows = await tx.event.findMany({
    where: { action, objectType, actorId, objectId: { in: [...objectIds] }, createdAt: { gt: since } },
    select: { objectId: true },
    distinct: ["objectId"],
  });
  return new Set(rows.flatMap(({ objectId }) => objectId ?? []));
}

/** Events that pass the filter, newest first, below a sequence. */
export async function listEvents(
  pool: pg.Pool,
  filter: EventFilter,
  below: number | null,
  limit: number,
): Promise<AuditEvent[]> {
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const where = ["true"];
  const equals: [string, string | undefined][] = [
    ["actor_type", filter.actorType],
    ["actor_id", filter.actorId],
    ["object_type", filter.objectType],
    ["object_id", filter.objectId],
  ];
  for (const [column, value] of equals) if (value !== undefined) where.push(`${column} = ${bind(value)}`);
  const { action, text } = filter;
  if (action !== undefined) {
    where.push(action.includes(".") ? `action = ${bind(action)}` : `starts_with(action, ${bind(`${action}.`)})`);
  }
  if (filter.from !== undefined) where.push(`created_at >= ${bind(filter.from)}::timestamptz`);
  if (filter.to !== undefined) where.push(`created_at < ${bind(filter.to)}::timestamptz`);
  if (text !== undefined) where.push(`strpos(lower(${searched}), lower(${bind(text)})) > 0`);
  if (below !== null) where.push(`sequence < ${bind(below)}`);
  const { rows } = await pool.query<EventRow>(
    `SELECT ${columns} FROM events WHERE ${where.join(" AND ")} ORDER BY sequence DESC LIMIT ${bind(limit)}`,
    values,
  );
  return rows.map(eventOf);
}

export async function findEvent(pool: pg.Pool, id: string): Promise<AuditEvent | null> {
  const { rows } = await pool.query<EventRow>(`SELECT ${columns} FROM events WHERE id = $1`, [id]);
  return rows[0] ? eventOf(rows[0]) : null;
}

/** Deletes events from before a time, `most` at the most; returns how many. The trigger on the table allows it in this way only. */
export async function deleteEvents(tx: Transaction, before: Date, most: number): Promise<number> {
  await tx.$executeRaw`SELECT set_config('assay.events_before', ${before.toISOString()}, true)`;
  return tx.$executeRaw`
    DELETE FROM events WHERE sequence IN (SELECT sequence FROM events WHERE created_at < ${before} ORDER BY created_at LIMIT ${most})`;
}

function eventOf(row: EventRow): AuditEvent {
  return {
    id: row.id,
    sequence: Number(row.sequence),
    createdAt: row.created_at.toISOString(),
    actor: { type: row.actor_type, userId: row.actor_id, email: row.actor_name, tokenId: row.token_id },
    action: row.action,
    object: { type: row.object_type, id: row.object_id, name: row.object_name },
    changes: row.changes,
    count: row.count,
    address: row.address,
    userAgent: row.user_agent,
    requestId: row.request_id,
    traceId: row.trace_id,
  };
}
