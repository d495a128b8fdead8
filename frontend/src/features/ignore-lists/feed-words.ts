import type { ListFeed } from "@assay/contract";

export const feedFormatWords: Readonly<Record<ListFeed["format"], string>> = {
  text: "text, an entry a line",
  csv: "CSV, the first column",
  misp: "MISP warning list",
};

/** How often a file is fetched, of what most need. */
export const everyChoices: readonly number[] = [60, 6 * 60, 24 * 60, 7 * 24 * 60];

/** "hour", "6 hours", "day", "90 minutes". */
export function everyWords(minutes: number): string {
  const units = [
    ["day", 24 * 60],
    ["hour", 60],
    ["minute", 1],
  ] as const;
  const [unit, size] = units.find(([, each]) => minutes % each === 0) ?? ["minute", 1];
  return minutes === size ? unit : `${minutes / size} ${unit}s`;
}
