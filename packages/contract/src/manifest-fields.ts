import { cacheLifetimesOf } from "./cache-lifetimes.ts";
import { maxTlpOfExposure, type SourceManifest } from "./manifest.ts";

/** The fields of a source that its manifest sets, but for its language and its provider. */
export function fieldsOfManifest(manifest: SourceManifest) {
  return {
    name: manifest.name,
    description: manifest.description,
    supportedIndicators: manifest.indicators,
    hosts: manifest.hosts,
    secretSlots: manifest.secrets,
    exposure: manifest.exposure,
    reliability: manifest.reliability,
    maxTlp: manifest.maxTlp ?? maxTlpOfExposure[manifest.exposure],
    strip: manifest.strip,
    config: manifest.config,
    timeoutMs: manifest.timeout,
    cacheLifetimes: cacheLifetimesOf(manifest.exposure, manifest.cache),
    quota: manifest.quota,
    callsPerLookup: manifest.callsPerLookup,
    limitMode: manifest.limitMode,
    limitWaitMs: manifest.limitWait,
    tags: manifest.tags,
    url: manifest.url,
  };
}
