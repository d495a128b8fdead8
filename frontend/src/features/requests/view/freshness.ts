import type { IndicatorKind } from "@assay/contract";

const dayMs = 86_400_000;

/** How long a provider's word about a kind counts as fresh, in days; what is not named never ages. */
const windowDays: Readonly<Partial<Record<IndicatorKind, number>>> = {
  IPV4: 30,
  IPV6: 30,
  IP_PORT: 30,
  CIDR: 30,
  URL: 14,
  DOMAIN: 90,
  ONION: 90,
};

/** Whether what was observed then is past the window of its kind. */
export function isOld(kind: IndicatorKind, observedAt: string, nowMs: number): boolean {
  const days = windowDays[kind];
  return days !== undefined && nowMs - Date.parse(observedAt) > days * dayMs;
}
