import type { Database, Transaction } from "../../db/database.ts";
import { Prisma, type Secret, type SourceSecret } from "../../db/generated/client.ts";

/** Tells every process that secrets, or what they fill, are not what they were. */
export const secretsChannel = "secrets_changed";

export type SecretRow = Secret;
const uses = {
  sources: {
    include: { source: { select: { id: true, slug: true, name: true } } },
    orderBy: [{ sourceId: "asc" }, { slot: "asc" }],
  },
} satisfies Prisma.SecretInclude;

export interface SecretWithUses extends SecretRow {
  readonly sources: readonly { readonly slot: string; readonly source: { id: string; slug: string; name: string } }[];
}

/** Secrets by name, after the position. */
export function listSecrets(
  db: Database,
  after: { name: string; id: string } | null,
  limit: number,
): Promise<SecretWithUses[]> {
  return db.prisma.secret.findMany({
    ...(after && { where: { OR: [{ name: { gt: after.name } }, { name: after.name, id: { gt: after.id } }] } }),
    include: uses,
    orderBy: [{ name: "asc" }, { id: "asc" }],
    take: limit,
  });
}

export function findSecret(db: Database, id: string): Promise<SecretWithUses | null> {
  return db.prisma.secret.findUnique({ where: { id }, include: uses });
}

/** A secret as it is written; null is SQL's own. */
export type SecretFields = Omit<SecretRow, "quota"> & { readonly quota: object | null };

function written<T extends Partial<SecretFields>>({ quota, ...fields }: T) {
  return { ...fields, ...(quota !== undefined && { quota: quota ?? Prisma.DbNull }) };
}

export function insertSecret(tx: Transaction, secret: SecretFields): Promise<SecretWithUses> {
  return tx.secret.create({ data: written(secret), include: uses });
}

/** null: it is gone. */
export async function updateSecret(
  tx: Transaction,
  id: string,
  change: Partial<SecretFields>,
): Promise<SecretWithUses | null> {
  const { count } = await tx.secret.updateMany({ where: { id }, data: written(change) });
  return count === 0 ? null : tx.secret.findUnique({ where: { id }, include: uses });
}

/** False: it was gone already. */
export async function deleteSecret(tx: Transaction, id: string): Promise<boolean> {
  const { count } = await tx.secret.deleteMany({ where: { id } });
  return count > 0;
}

/** What fills a source's slots, in the order of use. */
export function listAssignments(tx: Transaction, sourceId: string): Promise<SourceSecret[]> {
  return tx.sourceSecret.findMany({ where: { sourceId }, orderBy: [{ slot: "asc" }, { position: "asc" }] });
}

export async function replaceAssignments(
  tx: Transaction,
  sourceId: string,
  assignments: readonly SourceSecret[],
): Promise<void> {
  await tx.sourceSecret.deleteMany({ where: { sourceId } });
  await tx.sourceSecret.createMany({ data: [...assignments] });
}

/** Those of the ids that are secrets. */
export async function knownSecretIds(tx: Transaction, ids: readonly string[]): Promise<Set<string>> {
  const rows = await tx.secret.findMany({ where: { id: { in: [...ids] } }, select: { id: true } });
  return new Set(rows.map(({ id }) => id));
}

export type AssignmentRow = SourceSecret & { readonly source: { readonly secretSlots: Prisma.JsonValue } };

/** Everything, for the memory of a process. */
export async function loadSecrets(db: Database): Promise<{ secrets: SecretRow[]; assignments: AssignmentRow[] }> {
  const [secrets, assignments] = await db.prisma.$transaction([
    db.prisma.secret.findMany(),
    db.prisma.sourceSecret.findMany({
      include: { source: { select: { secretSlots: true } } },
      orderBy: [{ sourceId: "asc" }, { slot: "asc" }, { position: "asc" }],
    }),
  ]);
  return { secrets, assignments };
}

export async function updateLastUsed(db: Database, id: string, at: Date): Promise<void> {
  await db.prisma.secret.updateMany({ where: { id }, data: { lastUsedAt: at } });
}

/** Notes since when the value is refused (null: it is accepted), unless it is another value by now, and tells every process. */
export async function markRefused(db: Database, id: string, valueSetAt: Date, since: Date | null): Promise<void> {
  await db.transaction(async (tx) => {
    const where = { id, valueSetAt, refusedSince: since === null ? { not: null } : null };
    const { count } = await tx.secret.updateMany({ where, data: { refusedSince: since } });
    if (count > 0) await db.notify(secretsChannel, "", tx);
  });
}
