import type { Database, Transaction } from "../../db/database.ts";

const accessChannel = "access_changed";

/** Tells what goes on for long, such as a stream, that somebody's rights may have changed, on whichever node that was. */
export interface AccessWatch {
  /** Calls `onChange` whenever the rights of the user may be others than before. Returns how to stop. */
  watch(userId: string, onChange: () => void): () => void;
}

/** Listens from now on, as long as the database is open. */
export async function openAccessWatch(db: Database): Promise<AccessWatch> {
  const watchers = new Map<string, Set<() => void>>();
  await db.listen(accessChannel, (userId) => {
    const concerned = userId === null ? [...watchers.values()] : [watchers.get(userId) ?? []];
    for (const each of concerned) for (const onChange of each) onChange();
  });
  return {
    watch(userId, onChange) {
      const own = watchers.get(userId) ?? new Set();
      watchers.set(userId, own.add(onChange));
      return () => {
        own.delete(onChange);
        if (own.size === 0 && watchers.get(userId) === own) watchers.delete(userId);
      };
    },
  };
}

/** Has every node look again what a user may do, once the transaction is through. */
export function announceAccessChange(db: Database, userId: string, tx: Transaction): Promise<void> {
  return db.notify(accessChannel, userId, tx);
}
