import type { QuotaStanding, QuotaWindow } from "@assay/contract";

/** "4 per minute". */
export function windowWords({ limit, per }: QuotaWindow): string {
  return `${limit.toLocaleString("en")} per ${per}`;
}

/** "4 per minute, 500 per day". */
export function quotaWords(windows: readonly QuotaWindow[]): string {
  return windows.length === 0 ? "no limit" : windows.map(windowWords).join(", ");
}

/** What is to be known about where it is counted; empty: nothing. */
export function countedWords(counted: QuotaStanding["counted"]): string {
  switch (counted) {
    case "all_nodes":
      return "";
    case "this_node":
      return "Counted by this server alone. Several servers that share a key need Redis.";
    case "unknown":
      return "Redis cannot be reached, so nobody knows what is left: what has a quota is not asked meanwhile.";
  }
}
