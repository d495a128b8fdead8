import type { Database, Transaction } from "../../../db/database.ts";
import type { User, UserIdentity } from "../../../db/generated/client.ts";

export function findIdentity(
  db: Transaction,
  { issuer, subject }: { readonly issuer: string; readonly subject: string },
): Promise<(UserIdentity & { readonly user: User }) | null> {
  return db.userIdentity.findUnique({ where: { issuer_subject: { issuer, subject } }, include: { user: true } });
}

export function listIdentities(db: Database | Transaction, userId: string): Promise<UserIdentity[]> {
  const prisma = "prisma" in db ? db.prisma : db;
  return prisma.userIdentity.findMany({ where: { userId }, orderBy: { createdAt: "asc" } });
}

/** Rejects with a unique violation where another user has it. */
export async function insertIdentity(tx: Transaction, identity: UserIdentity): Promise<void> {
  await tx.userIdentity.create({ data: identity });
}

export async function updateIdentity(
  tx: Transaction,
  id: string,
  change: { readonly email: string | null; readonly lastSignInAt: Date },
): Promise<void> {
  await tx.userIdentity.update({ where: { id }, data: change });
}

export async function deleteIdentity(tx: Transaction, id: string): Promise<void> {
  await tx.userIdentity.delete({ where: { id } });
}
