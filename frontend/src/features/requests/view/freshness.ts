import { freshDays, type IndicatorKind } from "@assay/contract";

const dayMs = 86_400_000;

/** Whether what was observed then is past the window of its kind. */
export function isOld(kind: IndicatorKind, observedAt: string, nowMs: number): boolean {
  const days = freshDays[kind];
  return days !== undefined && nowMs - Date.parse(observedAt) > days * dayMs;
}
