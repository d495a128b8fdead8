import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fieldsOfManifest, ProviderManifest, type SourceManifest } from "@assay/contract";
import { type ManifestReading, readManifestText, readYaml } from "@assay/contract/manifest-text";
import { StartError } from "../../start-error.ts";
import { hashCode } from "./source-fields.ts";

const codeFiles = { javascript: "source.js", typescript: "source.ts", python: "source.py" } as const;
const languages = { javascript: "JAVASCRIPT", typescript: "JAVASCRIPT", python: "PYTHON" } as const;

/** What the catalogue says of a provider; the columns that an upgrade may replace. */
export interface CatalogueProvider {
  readonly slug: string;
  readonly fields: {
    readonly name: string;
    readonly description: string;
    readonly url: string | null;
    readonly family: string;
  };
}

/** What the catalogue says of a source; the columns that an upgrade may replace, and its code. */
export interface CatalogueSource {
  readonly slug: string;
  readonly providerSlug: string;
  readonly code: string;
  readonly fields: Readonly<ReturnType<typeof fieldsOf>>;
}

export interface Catalogue {
  readonly providers: readonly CatalogueProvider[];
  readonly sources: readonly CatalogueSource[];
}

/**
 * Reads `providers/<slug>.yaml` and `<slug>/source.yaml` with the code beside it.
 * @throws StartError with every problem of every file
 */
export async function readCatalogue(folder: string): Promise<Catalogue> {
  const problems: string[] = [];
  const providers = await readProviders(folder, problems);
  const sources = await readSources(folder, new Set(providers.map(({ slug }) => slug)), problems);
  if (problems.length > 0)
    throw new StartError(`The catalogue in ${folder} has faults:\n  ${problems.toSorted().join("\n  ")}`);
  return { providers, sources };
}

async function readProviders(folder: string, problems: string[]): Promise<CatalogueProvider[]> {
  const entries = await readdir(join(folder, "providers")).catch(() => []);
  const files = entries.filter((file) => file.endsWith(".yaml")).toSorted();
  const found = await Promise.all(
    files.map(async (file) => {
      const slug = file.slice(0, -".yaml".length);
      const manifest = await readManifest(
        folder,
        join(folder, "providers", file),
        (text) => readYaml(text, ProviderManifest),
        problems,
      );
      return manifest && { slug, fields: { ...manifest, family: manifest.family ?? slug } };
    }),
  );
  return found.filter((provider) => provider !== null);
}

async function readSources(
  folder: string,
  providers: ReadonlySet<string>,
  problems: string[],
): Promise<CatalogueSource[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const folders = entries
    .filter((entry) => entry.isFile() && entry.name === "source.yaml" && join(entry.parentPath, "..") === join(folder))
    .map((entry) => relative(folder, entry.parentPath))
    .toSorted();
  const found = await Promise.all(folders.map((slug) => readSource(folder, slug, providers, problems)));
  return found.filter((source) => source !== null);
}

async function readSource(
  folder: string,
  slug: string,
  providers: ReadonlySet<string>,
  problems: string[],
): Promise<CatalogueSource | null> {
  const file = join(folder, slug, "source.yaml");
  const manifest = await readManifest(folder, file, readManifestText, problems);
  if (!manifest) return null;
  if (!providers.has(manifest.provider)) {
    problems.push(`${slug}/source.yaml: provider: there is no providers/${manifest.provider}.yaml`);
    return null;
  }
  const codeFile = codeFiles[manifest.language];
  const code = await readFile(join(folder, slug, codeFile), "utf8").catch(() => null);
  if (code === null) {
    problems.push(`${slug}/source.yaml: language: is ${manifest.language}, but there is no ${codeFile}`);
    return null;
  }
  return { slug, providerSlug: manifest.provider, code, fields: fieldsOf(manifest, code) };
}

function fieldsOf(manifest: SourceManifest, code: string) {
  return { ...fieldsOfManifest(manifest), language: languages[manifest.language], codeHash: hashCode(code) };
}

async function readManifest<Manifest>(
  folder: string,
  file: string,
  read: (text: string) => ManifestReading<Manifest>,
  problems: string[],
): Promise<Manifest | null> {
  const { manifest, diagnostics } = read(await readFile(file, "utf8"));
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  problems.push(
    ...errors.map(({ field, message, line, column }) =>
      [relative(folder, file), field, `${message} (line ${line}, column ${column})`]
        .filter((part) => part !== null)
        .join(": "),
    ),
  );
  return manifest ?? null;
}
