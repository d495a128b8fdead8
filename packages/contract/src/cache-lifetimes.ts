import { z } from "zod";
import { durationMs } from "./fields.ts";
import type { Exposure } from "./manifest.ts";

const day = 86_400;
export const lifetimeSecondsMax = { found: 90 * day, notFound: 90 * day, failed: 3_600, stale: 30 * day } as const;

function seconds(most: number, description: string) {
  return z.number().int().min(0).max(most).meta({ description });
}

/** How long the answers of a source are kept, by what came of asking. 0: such an answer is not kept. */
export const CacheLifetimes = z.strictObject({
  foundSeconds: seconds(lifetimeSecondsMax.found, "An answer with data; 90 days at the most"),
  notFoundSeconds: seconds(lifetimeSecondsMax.notFound, "An answer that there is no record; 90 days at the most"),
  failedSeconds: seconds(
    lifetimeSecondsMax.failed,
    "RATE_LIMITED, UPSTREAM_ERROR and BAD_RESPONSE, so that an upstream in trouble is left alone; an hour at the most",
  ),
  staleSeconds: seconds(
    lifetimeSecondsMax.stale,
    "For so long after its lifetime an answer is still given, and the source asked anew in the background; 30 days at the most",
  ),
});
export type CacheLifetimes = z.infer<typeof CacheLifetimes>;

/** What holds where a source does not say: what is computed here costs nothing, and what publishes is not to be repeated by accident. */
export const cacheLifetimesOfExposure: Readonly<Record<Exposure, CacheLifetimes>> = {
  local: { foundSeconds: 0, notFoundSeconds: 0, failedSeconds: 0, staleSeconds: 0 },
  passive: { foundSeconds: day, notFoundSeconds: day / 4, failedSeconds: 0, staleSeconds: 0 },
  active: { foundSeconds: 3_600, notFoundSeconds: 3_600, failedSeconds: 0, staleSeconds: 0 },
  public: { foundSeconds: 3_600, notFoundSeconds: 0, failedSeconds: 0, staleSeconds: 0 },
};

function lifetime(most: number, mostText: string) {
  return z
    .string()
    .regex(/^\d{1,6}(s|m|h|d)$/, 'must be a duration such as "24h", "90s" or "7d"')
    .transform((text) => durationMs(text) / 1000)
    .pipe(z.number().max(most, `must be ${mostText} or less`))
    .optional();
}

/** `cache` of `source.yaml`, in seconds; what it leaves out is by exposure. */
export const ManifestCache = z.strictObject({
  found: lifetime(lifetimeSecondsMax.found, "90 days"),
  notFound: lifetime(lifetimeSecondsMax.notFound, "90 days"),
  failed: lifetime(lifetimeSecondsMax.failed, "an hour"),
  stale: lifetime(lifetimeSecondsMax.stale, "30 days"),
});
export type ManifestCache = z.infer<typeof ManifestCache>;

/** What a manifest comes to. */
export function cacheLifetimesOf(exposure: Exposure, cache: ManifestCache = {}): CacheLifetimes {
  const usual = cacheLifetimesOfExposure[exposure];
  return {
    foundSeconds: cache.found ?? usual.foundSeconds,
    notFoundSeconds: cache.notFound ?? usual.notFoundSeconds,
    failedSeconds: cache.failed ?? usual.failedSeconds,
    staleSeconds: cache.stale ?? usual.staleSeconds,
  };
}

/** The lifetimes as a manifest has them. */
export function manifestCacheOf({
  foundSeconds,
  notFoundSeconds,
  failedSeconds,
  staleSeconds,
}: CacheLifetimes): Required<ManifestCache> {
  return { found: foundSeconds, notFound: notFoundSeconds, failed: failedSeconds, stale: staleSeconds };
}

/** A whole number of the largest unit that fits: `24h`, `90s`. */
export function lifetimeText(seconds: number): string {
  const units = [
    ["d", day],
    ["h", 3_600],
    ["m", 60],
  ] as const;
  // A day is told as 24h, the way manifests have it.
  const fit = units.find(([, size]) => seconds > 0 && seconds % size === 0 && !(size === day && seconds < 3 * day));
  return fit ? `${seconds / fit[1]}${fit[0]}` : `${seconds}s`;
}
