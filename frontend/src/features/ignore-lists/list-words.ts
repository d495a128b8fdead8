import type { EntryChange, EntryType, IgnoreList, IgnoreListKind } from "@assay/contract";
import { indicatorKindInfo } from "@assay/indicators";

export const kindWords: Readonly<Record<IgnoreListKind, string>> = { known_good: "Known good", context: "Context" };

export const kindHints: Readonly<Record<IgnoreListKind, string>> = {
  known_good: "Sources are not asked about what it holds, and the verdict is benign.",
  context: "Lookups of what it holds carry its name, and nothing else changes.",
};

export const typeWords: Readonly<Record<EntryType, string>> = {
  string: "exactly this",
  hostname: "name and below",
  cidr: "network",
  substring: "holds this",
  regex: "expression",
};

/** Whom a list concerns. */
export function scopeWords({ global, sourceIds, providerIds }: IgnoreList): string {
  if (global) return "All sources";
  const parts = [
    sourceIds.length > 0 && `${sourceIds.length} ${sourceIds.length === 1 ? "source" : "sources"}`,
    providerIds.length > 0 && `${providerIds.length} ${providerIds.length === 1 ? "provider" : "providers"}`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? "No source yet" : parts.join(", ");
}

/** The kinds of indicators that a list is about; none: all. */
export function indicatorWords({ indicatorKinds }: IgnoreList): string[] {
  return indicatorKinds.map((kind) => indicatorKindInfo(kind).label);
}

export function countWords(count: number): string {
  return count === 1 ? "1 entry" : `${count.toLocaleString("en")} entries`;
}

/** What became of the entries of a list. */
export function changeWords({ added, removed, leftOut }: EntryChange): string {
  const parts = [
    added > 0 && `added ${countWords(added)}`,
    removed > 0 && `removed ${countWords(removed)}`,
    leftOut > 0 && `left out ${leftOut.toLocaleString("en")} that are not valid`,
  ].filter((part) => part !== false);
  const text = parts.length === 0 ? "nothing changed" : parts.join(", ");
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
