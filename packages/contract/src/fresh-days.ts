import type { IndicatorKind } from "./indicators.ts";
import type { ServerConfig } from "./server-config.ts";

type Windows = Pick<ServerConfig, "addressFreshDays" | "urlFreshDays" | "domainFreshDays" | "otherFreshDays">;

const settingOfKind: Readonly<Partial<Record<IndicatorKind, keyof Windows>>> = {
  IPV4: "addressFreshDays",
  IPV6: "addressFreshDays",
  CIDR: "addressFreshDays",
  IP_PORT: "addressFreshDays",
  URL: "urlFreshDays",
  DOMAIN: "domainFreshDays",
  ONION: "domainFreshDays",
  EMAIL: "domainFreshDays",
};

/** For how many days after the provider's date an opinion on this kind counts as fresh; null: without end. */
export function freshDaysOf(kind: IndicatorKind, windows: Windows): number | null {
  const days = windows[settingOfKind[kind] ?? "otherFreshDays"];
  return days === 0 ? null : days;
}
