import type { RelatedRequests, Visibility } from "@assay/contract";

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

/** What opening or closing a lookup that is seen like this does to so many that came of it. */
export function alongWords(visibility: Visibility, count: number): string {
  const which = count === 1 ? "1 lookup" : `${count} lookups`;
  return visibility === "everyone"
    ? `Closes what came of it as well: ${which}`
    : `Opens what came of it as well: ${which}, but for those that were closed by themselves`;
}

/** What has been done to a lookup, and to so many that came of it. */
export function changedWords(visibility: Visibility, count: number): string {
  const done = visibility === "private" ? "The lookup is private now" : "Everyone can see the lookup now";
  return count === 0 ? done : `${done}, with ${count} that came of it`;
}
