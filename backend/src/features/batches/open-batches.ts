import type { Actor, Context } from "../../context.ts";
import type { Transaction } from "../../db/database.ts";
import { lockName } from "../../db/lock-name.ts";
import { fail } from "../../problem-error.ts";

/** Of one person, prepared and paused ones included. */
const openBatchesMax = 100;

/** Whether a user may have one more that is open; asked before anything is read in vain, `refuseTooManyOpen` decides. */
export async function mayOpenAnother({ db }: Context, userId: string): Promise<boolean> {
  return (await countOpen(db.prisma, userId)) < openBatchesMax;
}

/**
 * In the transaction that has opened one: throws CONFLICT where it is one too many. Until the transaction ends no other counts those of the
 * same user, so that of many that are opened at once no more are let in than one by one; it is called last, as the others wait.
 */
export async function refuseTooManyOpen({ actor }: Context, tx: Transaction, userId: string): Promise<void> {
  await lockName(tx, `open batches ${userId}`);
  if ((await countOpen(tx, userId)) > openBatchesMax) refuseAnotherOpen(actor, userId);
}

/** Throws CONFLICT. */
export function refuseAnotherOpen(actor: Actor, userId: string): never {
  const whoHas = "user" in actor && actor.user.id === userId ? "You have" : "Its owner has";
  const advice = "Wait for one to end, or cancel some";
  fail("CONFLICT", `${whoHas} ${openBatchesMax} batches that have not ended, which is the most. ${advice}.`);
}

async function countOpen(db: Transaction, userId: string): Promise<number> {
  return db.batch.count({ where: { userId, endedAt: null } });
}
