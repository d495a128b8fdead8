import type { DecisionFilter, DecisionStatus, IndicatorKind } from "@assay/contract";
import type pg from "pg";
import type { Database, Transaction } from "../../db/database.ts";
import type { Decision as DecisionRow } from "../../db/generated/client.ts";

export type { DecisionRow };

/** Tells every process which decision is not what it was; the payload is its id. */
export const decisionsChannel = "decisions_changed";

const columns = `id, data, kind, verdict, reason, expires_at AS "expiresAt", created_at AS "createdAt", updated_at AS "updatedAt",
  user_id AS "userId", user_name AS "userName", ended_at AS "endedAt", ended_user_id AS "endedUserId",
  ended_user_name AS "endedUserName", replaced_by_id AS "replacedById"`;

export interface Indicator {
  readonly kind: IndicatorKind;
  readonly data: string;
}

/** What a row must meet for its status at the time `now`; one that had expired before it was ended has expired. */
const statusConditions: Readonly<Record<DecisionStatus, (now: () => string) => string>> = {
  in_force: (now) => `ended_at IS NULL AND (expires_at IS NULL OR expires_at > ${now()})`,
  expired: (now) => `expires_at <= coalesce(ended_at, ${now()})`,
  replaced: () =>
    `ended_at IS NOT NULL AND replaced_by_id IS NOT NULL AND (expires_at IS NULL OR expires_at > ended_at)`,
  withdrawn: () => `ended_at IS NOT NULL AND replaced_by_id IS NULL AND (expires_at IS NULL OR expires_at > ended_at)`,
};

/** Decisions that pass the filter, newest first, after the position. */
export async function listDecisions(
  pool: pg.Pool,
  filter: DecisionFilter & { readonly now: Date },
  after: { readonly createdAt: Date; readonly id: string } | null,
  limit: number,
): Promise<DecisionRow[]> {
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const where = ["true"];
  if (filter.data !== undefined) {
    const data = bind(filter.data);
    where.push(`md5(data) = md5(${data}) AND data = ${data}`);
  }
  if (filter.kind !== undefined) where.push(`kind = ${bind(filter.kind)}`);
  if (filter.prefix !== undefined) {
    // Most kinds are stored in lower case, but not all that begin in a capital are of those.
    const forms = [...new Set([filter.prefix, filter.prefix.toLowerCase()])];
    where.push(`(${forms.map((form) => `left(data, 200) LIKE ${bind(`${likeLiteral(form)}%`)}`).join(" OR ")})`);
  }
  if (filter.verdict !== undefined) where.push(`verdict = ${bind(filter.verdict)}`);
  if (filter.userId !== undefined) where.push(`user_id = ${bind(filter.userId)}`);
  if (filter.status !== undefined)
    where.push(statusConditions[filter.status](() => `${bind(filter.now)}::timestamptz`));
  if (after) where.push(`(created_at, id) < (${bind(after.createdAt)}::timestamptz, ${bind(after.id)})`);
  const { rows } = await pool.query<DecisionRow>(
    `SELECT ${columns} FROM decisions WHERE ${where.join(" AND ")} ORDER BY created_at DESC, id DESC LIMIT ${bind(limit)}`,
    values,
  );
  return rows;
}

/** For LIKE: the text itself, whatever marks are in it. */
function likeLiteral(text: string): string {
  return text.replaceAll(/[\\%_]/g, "\\$&");
}

/** All decisions that are in force. */
export async function loadDecisions(pool: pg.Pool, now: Date): Promise<DecisionRow[]> {
  const { rows } = await pool.query<DecisionRow>(
    `SELECT ${columns} FROM decisions WHERE ${statusConditions.in_force(() => "$1::timestamptz")}`,
    [now],
  );
  return rows;
}

export function findDecision(tx: Transaction, id: string): Promise<DecisionRow | null> {
  return tx.decision.findUnique({ where: { id } });
}

/** Keeps others from changing the decision until the transaction ends. */
export async function lockDecision(tx: Transaction, id: string): Promise<void> {
  await tx.$executeRaw`SELECT FROM decisions WHERE id = ${id} FOR UPDATE`;
}

/** The decision about an indicator that has not been ended, though it may have expired. */
export async function findOpenDecision(
  db: Database | Transaction,
  { kind, data }: Indicator,
): Promise<DecisionRow | null> {
  const tx = "prisma" in db ? db.prisma : db;
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM decisions WHERE md5(data) = md5(${data}) AND data = ${data} AND kind = ${kind} AND ended_at IS NULL`;
  return rows[0] ? findDecision(tx, rows[0].id) : null;
}

export function insertDecision(tx: Transaction, row: DecisionRow): Promise<DecisionRow> {
  return tx.decision.create({ data: row });
}

export function updateDecision(tx: Transaction, id: string, change: Partial<DecisionRow>): Promise<DecisionRow> {
  return tx.decision.update({ where: { id }, data: change });
}
