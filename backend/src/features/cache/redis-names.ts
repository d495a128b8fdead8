const prefix = "assay:cache";

/** The names of the cache's keys in Redis. */
export const redisNames = {
  entry: (sourceId: string, digest: string) => `${prefix}:e:${sourceId}:${digest}`,
  index: (sourceId: string) => `${prefix}:i:${sourceId}`,
  sources: `${prefix}:sources`,
  allGeneration: `${prefix}:g:all`,
  sourceGeneration: (sourceId: string) => `${prefix}:g:${sourceId}`,
  pairGeneration: (sourceId: string, indicatorDigest: string) => `${prefix}:g:${sourceId}:${indicatorDigest}`,
  /** Who makes the call that others wait for. */
  lease: (digest: string) => `${prefix}:f:${digest}`,
  /** What came of a flight whose answer is not kept. */
  landing: (flight: string) => `${prefix}:r:${flight}`,
} as const;
