import { Document, isSeq } from "yaml";
import { type ConfigSchema, type SourceManifest, maxTlpOfExposure } from "./manifest.ts";
import type { SecretSlot } from "./secret-slots.ts";

/** A manifest as `source.yaml` has it, in the order of its reference; what is as by default is left out. */
export function writeManifestText({
  hosts,
  secrets,
  config,
  timeout,
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

function slotOf({ required, exposed, ...slot }: SecretSlot): Partial<SecretSlot> {
  return { ...slot, ...(!required && { required }), ...(exposed && { exposed }) };
}

/** Told from the type on, the way people write it. */
function configOf(config: ConfigSchema): ConfigSchema {
  return Object.fromEntries(
    Object.entries(config).map(([name, { type, ...rest }]) => [name, { type, ...rest }]),
  ) as ConfigSchema;
}
