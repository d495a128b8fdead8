/** A batch that a worker runs, and how many of its lookups are under way. */
export interface Sharer {
  readonly userId: string;
  readonly underWay: number;
}

/**
 * Whether a batch may start one more lookup: people share what a worker may have under way evenly, and so do the batches of each. One is
 * always let run, so that nobody waits for the slow lookups of somebody else to end; what is over meanwhile is not filled again.
 */
export function mayStartOne(batch: Sharer, all: readonly Sharer[], most: number): boolean {
  if (batch.underWay === 0) return true;
  if (all.reduce((sum, { underWay }) => sum + underWay, 0) >= most) return false;
  const users = new Set(all.map(({ userId }) => userId)).size;
  const own = all.filter(({ userId }) => userId === batch.userId).length;
  return batch.underWay < Math.floor(most / Math.max(1, users) / Math.max(1, own));
}
