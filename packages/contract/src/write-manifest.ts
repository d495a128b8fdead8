import { Document, isSeq } from "yaml";
import { cacheLifetimesOfExposure, lifetimeText, type ManifestCache, manifestCacheOf } from "./cache-lifetimes.ts";
import { type ConfigSchema, type Exposure, type SourceManifest, maxTlpOfExposure } from "./manifest.ts";
import type { SecretSlot } from "./secret-slots.ts";

/** A manifest as `source.yaml` has it, in the order of its reference; what is as by default is left out. */
export function writeManifestText({
  hosts,
  secrets,
  config,
  timeout,
  cache,
  tags,
  url,
  maxTlp,
  strip,
  ...manifest
}: SourceManifest): string {
  const { name, description, provider, language, indicators, exposure, reliability } = manifest;
  const fields = {
    name,
    description,
    provider,
    language,
    indicators,
    exposure,
    reliability,
    ...(maxTlp !== undefined && maxTlp !== maxTlpOfExposure[exposure] && { maxTlp }),
    ...(strip.length > 0 && { strip }),
    ...(hosts.length > 0 && { hosts }),
    ...(secrets.length > 0 && { secrets: secrets.map(slotOf) }),
    ...(Object.keys(config).length > 0 && { config: configOf(config) }),
    timeout: timeout % 1000 === 0 ? `${timeout / 1000}s` : `${timeout}ms`,
    ...cacheOf(exposure, cache),
    ...(tags.length > 0 && { tags }),
    ...(url !== null && { url }),
  };
  const document = new Document(fields);
  for (const name of ["indicators", "strip", "hosts", "tags"]) {
    const list = document.get(name);
    if (isSeq(list)) list.flow = true;
  }
  return document.toString({ lineWidth: 100, flowCollectionPadding: false });
}

function cacheOf(exposure: Exposure, cache: ManifestCache | undefined): { cache?: Record<string, string> } {
  const usual: ManifestCache = manifestCacheOf(cacheLifetimesOfExposure[exposure]);
  const own = Object.entries(cache ?? {}).flatMap(([name, seconds]) =>
    seconds === undefined || seconds === usual[name as keyof ManifestCache] ? [] : [[name, lifetimeText(seconds)]],
  );
  return own.length === 0 ? {} : { cache: Object.fromEntries(own) as Record<string, string> };
}

function slotOf({ required, exposed, ...slot }: SecretSlot): Partial<SecretSlot> {
  return { ...slot, ...(!required && { required }), ...(exposed && { exposed }) };
}

/** Told from the type on, the way people write it. */
function configOf(config: ConfigSchema): ConfigSchema {
  return Object.fromEntries(
    Object.entries(config).map(([name, { type, ...rest }]) => [name, { type, ...rest }]),
  ) as ConfigSchema;
}
