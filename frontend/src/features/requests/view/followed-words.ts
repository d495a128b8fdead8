import type { RelatedRequests } from "@assay/contract";

/** "Followed: 7 indicators, 2 malicious". */
export function followedWords({ items, complete }: RelatedRequests): string {
  if (items.length === 0) return complete ? "Nothing to follow was found" : "Followed as answers arrive";
  const count = (word: string): number => items.filter(({ verdict }) => verdict.verdict === word).length;
  const parts = [
    items.length === 1 ? "1 indicator" : `${items.length} indicators`,
    ...(["malicious", "suspicious"] as const).flatMap((word) => (count(word) === 0 ? [] : [`${count(word)} ${word}`])),
    ...(complete ? [] : ["still going on"]),
  ];
  return `Followed: ${parts.join(", ")}`;
}
