import { type Source, SourceVersionManifest } from "@assay/contract";

const names = Object.keys(SourceVersionManifest.shape) as (keyof SourceVersionManifest)[];

/** The manifest as lines that can be compared: always in the same order, and nothing that is no part of a version. */
export function manifestText(manifest: Source | SourceVersionManifest): string {
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, manifest[name]])), null, 2);
}
