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
  const fields = { value: value as string | number | boolean, ...by };
  await tx.serverSetting.upsert({ where: { name }, create: { name, ...fields }, update: fields });
}
