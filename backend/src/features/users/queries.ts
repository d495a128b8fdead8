import type { Role } from "@assay/contract";
import type { Database, Transaction } from "../../db/database.ts";
import type { Prisma, User, UserIdentity } from "../../db/generated/client.ts";

export type AccountRow = User & { readonly identities: readonly UserIdentity[] };

export interface AccountFilter {
  readonly q?: string | undefined;
  readonly role?: Role | undefined;
  readonly enabled?: boolean | undefined;
  readonly awaitingApproval?: boolean | undefined;
}

const include = { identities: { orderBy: { createdAt: "asc" } } } satisfies Prisma.UserInclude;

/** Accounts by e-mail address, after the position. */
export function listAccounts(
  db: Database,
  { q, role, enabled, awaitingApproval }: AccountFilter,
  after: { readonly name: string; readonly id: string } | null,
  limit: number,
): Promise<AccountRow[]> {
  const text =
    q === undefined ? undefined : { contains: q.replaceAll(/[\\%_]/g, "\\$&"), mode: "insensitive" as const };
  return db.prisma.user.findMany({
    where: {
      ...(text && { OR: [{ email: text }, { name: text }] }),
      ...(role && { roles: { has: role } }),
      ...(enabled !== undefined && { enabled }),
      ...(awaitingApproval !== undefined && { awaitingApproval }),
      ...(after && { email: { gt: after.name } }),
    },
    include,
    orderBy: { email: "asc" },
    take: limit,
  });
}

export function findAccount(db: Database | Transaction, id: string): Promise<AccountRow | null> {
  const prisma = "prisma" in db ? db.prisma : db;
  return prisma.user.findUnique({ where: { id }, include });
}

export function findAccountByEmail(tx: Transaction, email: string): Promise<User | null> {
  return tx.user.findUnique({ where: { email } });
}

export type NewAccount = Pick<User, "id" | "email" | "name" | "passwordHash" | "roles"> &
  Partial<Pick<User, "enabled" | "awaitingApproval">> & { readonly now: Date };

/** Rejects with a unique violation where the e-mail address is taken. */
export async function insertAccount(tx: Transaction, { now, ...fields }: NewAccount): Promise<AccountRow> {
  return tx.user.create({ data: { ...fields, createdAt: now, updatedAt: now }, include });
}

export type AccountChange = Partial<Pick<User, "name" | "roles" | "enabled" | "awaitingApproval" | "passwordHash">>;

export function updateAccount(tx: Transaction, id: string, change: AccountChange, now: Date): Promise<AccountRow> {
  return tx.user.update({ where: { id }, data: { ...change, updatedAt: now }, include });
}

export async function deleteAccount(tx: Transaction, id: string): Promise<void> {
  await tx.user.delete({ where: { id } });
}

export function countAwaiting(tx: Transaction): Promise<number> {
  return tx.user.count({ where: { awaitingApproval: true } });
}

/** Deletes accounts that signed up before a time and still await approval; returns which. */
export function deleteAwaitingBefore(tx: Transaction, before: Date): Promise<Pick<User, "id" | "email">[]> {
  return tx.$queryRaw`DELETE FROM users WHERE awaiting_approval AND created_at < ${before} RETURNING id, email`;
}

const administratorsLock = 4_019_383;

/**
 * How many administrators can sign in beside one. Changes that could take the last one wait for each other until their
 * transactions end.
 */
export async function countOtherAdministrators(tx: Transaction, id: string): Promise<number> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${administratorsLock})`;
  return tx.user.count({ where: { id: { not: id }, enabled: true, roles: { has: "admin" } } });
}

/** The ids of a user's API tokens. */
export async function listTokenIds(tx: Transaction, userId: string): Promise<string[]> {
  return (await tx.apiToken.findMany({ where: { userId }, select: { id: true } })).map(({ id }) => id);
}
