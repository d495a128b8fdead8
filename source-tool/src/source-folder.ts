import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { SourceManifest } from "@assay/contract";
import { type ManifestReading, readManifestText } from "@assay/contract/manifest-text";
import { ToolError } from "./tool-error.ts";

export const codeFiles = { javascript: "source.js", typescript: "source.ts", python: "source.py" } as const;

/** The checkout that this tool belongs to. */
export const checkout = fileURLToPath(new URL("../..", import.meta.url));
export const catalogueFolder = join(checkout, "sources");

/** A source's folder as it is: its manifest may have faults, its code may be missing. */
export interface ReadSource {
  readonly slug: string;
  readonly folder: string;
  readonly manifestFile: string;
  readonly reading: ManifestReading<SourceManifest>;
  readonly codeFile: string | undefined;
  readonly code: string | undefined;
}

/** A source that can be run. */
export interface WholeSource {
  readonly slug: string;
  readonly folder: string;
  readonly manifest: SourceManifest;
  readonly code: string;
}

/** The text of a file; undefined where there is none. */
export function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new ToolError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** @throws ToolError when there is no source.yaml in the folder */
export function readSource(folder: string): ReadSource {
  const manifestFile = join(folder, "source.yaml");
  const text = readText(manifestFile);
  if (text === undefined)
    throw new ToolError(
      `${folder} is not the folder of a source: it has no source.yaml. See "assay-source new --help".`,
    );
  const reading = readManifestText(text);
  // Of a manifest with faults the code is found by its name.
  const candidates = reading.manifest ? [codeFiles[reading.manifest.language]] : Object.values(codeFiles);
  const codeFile = candidates.map((name) => join(folder, name)).find((file) => readText(file) !== undefined);
  const code = codeFile === undefined ? undefined : readText(codeFile);
  return { slug: basename(folder), folder, manifestFile, reading, codeFile, code };
}

/** @throws ToolError that leads to `check` when the source cannot be run as it is */
export function wholeSource(source: ReadSource): WholeSource {
  const { slug, folder, reading, code } = source;
  const advice = `See "npx assay-source check ${folder}".`;
  if (reading.manifest === undefined) throw new ToolError(`${source.manifestFile} has faults. ${advice}`);
  if (code === undefined) throw new ToolError(`${folder} has no ${codeFiles[reading.manifest.language]}. ${advice}`);
  return { slug, folder, manifest: reading.manifest, code };
}

/** The folders of all sources of a catalogue. */
export function sourceFolders(catalogue: string): string[] {
  return readdirSync(catalogue, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && readText(join(catalogue, entry.name, "source.yaml")) !== undefined)
    .map((entry) => join(catalogue, entry.name));
}

/** A folder as it was typed: a path, or the slug of a source of the catalogue. @throws ToolError when it is neither */
export function findFolder(typed: string): string {
  const found = [resolve(typed), join(catalogueFolder, typed)].find((folder) =>
    statSync(folder, { throwIfNoEntry: false })?.isDirectory(),
  );
  if (found !== undefined) return found;
  throw new ToolError(`There is no folder "${typed}", and no source of this name in ${catalogueFolder}.`);
}
