import type { Transaction } from "../../db/database.ts";
import type { Event, Prisma } from "../../db/generated/client.ts";

/** An event as it is written; its sequence is the database's. */
export type EventFields = Omit<Event, "sequence" | "changes"> & { readonly changes: Prisma.InputJsonValue };

export async function insertEvent(tx: Transaction, event: EventFields): Promise<void> {
  await tx.event.create({ data: event });
}
