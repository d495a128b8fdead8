/** Waits for all, also when one of them rejects; then rejects as the first of those. So nothing goes on behind the back of who waits. */
export async function allEnded(works: readonly Promise<unknown>[]): Promise<void> {
  const ends = await Promise.allSettled(works);
  const failed = ends.find((end) => end.status === "rejected");
  if (failed) throw failed.reason;
}
