import type { Database, Transaction } from "../../db/database.ts";

export interface StoredSetting {
  readonly name: string;
  readonly value: unknown;
  readonly updatedAt: Date;
  readonly updatedUserId: string | null;
}

export function readSettings(db: Database): Promise<StoredSetting[]> {
  return db.prisma.serverSetting.findMany();
}

export async function writeSetting(tx: Transaction, { name, value, ...by }: StoredSetting): Promise<void> {
  const fields = { value: value as string | number | boolean | string[], ...by };
  await tx.serverSetting.upsert({ where: { name }, create: { name, ...fields }, update: fields });
}

export async function deleteSetting(tx: Transaction, name: string): Promise<void> {
  await tx.serverSetting.deleteMany({ where: { name } });
}

const configLock = 4_019_380;

/** Waits for other changes of settings, on whichever node, and holds them off until the transaction ends. */
export async function lockSettings(tx: Transaction): Promise<StoredSetting[]> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${configLock})`;
  return tx.serverSetting.findMany();
}

/** E-mail addresses of users, by id; those who are gone are left out. */
export async function emailsOf(db: Database, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const users = await db.prisma.user.findMany({ where: { id: { in: [...ids] } }, select: { id: true, email: true } });
  return new Map(users.map(({ id, email }) => [id, email]));
}
