const dayMs = 86_400_000;

/** Whether what was observed then is past the window that the lookup was weighed with; null: there is no end to it. */
export function isOld(freshDays: number | null, observedAt: string, nowMs: number): boolean {
  return freshDays !== null && nowMs - Date.parse(observedAt) > freshDays * dayMs;
}
