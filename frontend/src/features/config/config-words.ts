import type { ConfigItem, SettingGroup, SettingUnit } from "@assay/contract";
import { durationWords } from "../../components/time.ts";

/** What each part of the page is called, in its order. */
export const groupWords: Readonly<Record<SettingGroup, string>> = {
  lookups: "Lookups",
  verdict: "Verdict",
  retention: "Retention",
  signIn: "Signing in",
  limits: "Limits",
  network: "Network",
  audit: "Audit",
};

/** A unit as it stands behind a number; a length of time is written in seconds. */
export const unitWords: Readonly<Record<SettingUnit, string>> = {
  ms: "s",
  minutes: "min",
  hours: "h",
  days: "days",
  characters: "characters",
  MiB: "MiB",
};

/** A value as people read it. */
export function valueWords({ unit }: Pick<ConfigItem, "unit">, value: ConfigItem["value"]): string {
  if (typeof value === "boolean") return value ? "on" : "off";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.join(", ");
  if (unit === "ms") return durationWords(Number(value));
  const words = typeof value === "number" ? value.toLocaleString("en") : value;
  return unit === null ? words : `${words} ${unitWords[unit]}`;
}

/** What may be given, where there is a range. */
export function rangeWords(item: ConfigItem): string | null {
  if (typeof item.value !== "number" || item.minimum === null || item.maximum === null) return null;
  const least = item.unit === "ms" ? valueWords(item, item.minimum) : item.minimum.toLocaleString("en");
  return `${least} to ${valueWords(item, item.maximum)}`;
}
