import type { AnswerCache } from "@assay/contract";

/** What is said of an answer that did not come of a call for this lookup; null where it did. */
export const cacheWords: Readonly<
  Record<AnswerCache["state"], { readonly short: string; readonly long: string } | null>
> = {
  off: null,
  stored: null,
  hit: { short: "cached", long: "From the cache" },
  stale: { short: "stale", long: "From the cache, past its time; the source is being asked anew" },
  coalesced: { short: "shared", long: "Together with another lookup of the same, by one call" },
};
