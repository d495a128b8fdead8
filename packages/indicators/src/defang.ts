import type { IndicatorKind } from "./indicator-kind.ts";
import { kindRules } from "./kind-rules.ts";

/** Canonical data written so that nobody clicks or resolves it by accident; `refang` undoes it exactly. */
export function defang(kind: IndicatorKind, data: string): string {
  return kindRules[kind].defang?.(data) ?? data;
}
