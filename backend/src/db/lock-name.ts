import type { Transaction } from "./database.ts";

/** One after the other, whichever node they are on: who locks the same name waits until this transaction has ended. */
export async function lockName(tx: Transaction, name: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`;
}
