import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { nearestName, Slug } from "@assay/contract";
import { stringify } from "yaml";
import type { Command } from "../command.ts";
import { catalogueFolder, codeFiles } from "../source-folder.ts";
import { ToolError } from "../tool-error.ts";

const templates = join(import.meta.dirname, "..", "..", "templates");
type TemplateLanguage = keyof typeof codeFiles;
const languages = Object.keys(codeFiles) as TemplateLanguage[];

export const newCommand: Command = {
  name: "new",
  summary: "make the folder of a source, from a template that works",
  help: `Usage: npx assay-source new <slug> [options]

Makes sources/<slug> with a manifest, code, and cases that pass; and the manifest of its provider when that is new.
Nothing that is there is overwritten.

  --language <language>  ${languages.join(", ")}; javascript when absent
  --provider <slug>      who runs the upstream; the slug of the source when absent
  --in <folder>          another catalogue than sources`,
  options: { language: { type: "string" }, provider: { type: "string" }, in: { type: "string" } },
  positionalsMax: 1,
  async run({ positionals, text }, { terminal }) {
    const slug = readSlug(positionals[0], "the source");
    const language = readLanguage(text("language") ?? "javascript");
    const provider = readSlug(text("provider") ?? slug, "the provider");
    const made = makeSource(resolve(text("in") ?? catalogueFolder), { slug, language, provider });
    for (const file of made.files) terminal.out(`  ${terminal.paint("green", "+")} ${relative(process.cwd(), file)}`);
    const shown = relative(process.cwd(), made.folder);
    terminal.out(`\nNext: npx assay-source check ${shown}\n      npx assay-source test ${shown}`);
    return 0;
  },
};

function readSlug(typed: string | undefined, what: string): string {
  if (typed === undefined)
    throw new ToolError(
      'Name the new source: "npx assay-source new example-reports". See "npx assay-source new --help".',
    );
  if (typed === "providers" || typed === "types")
    throw new ToolError(`"${typed}" is a folder of the catalogue itself. Take another slug for ${what}.`);
  const slug = Slug.safeParse(typed);
  if (!slug.success)
    throw new ToolError(
      `"${typed}" cannot be the slug of ${what}: take lower-case letters and digits, words joined by one hyphen.`,
    );
  return slug.data;
}

function readLanguage(typed: string): TemplateLanguage {
  const known = languages.find((language) => language === typed);
  if (known !== undefined) return known;
  const nearest = nearestName(typed, languages);
  const advice = nearest === undefined ? `Take one of ${languages.join(", ")}.` : `Did you mean "${nearest}"?`;
  throw new ToolError(`There is no language "${typed}". ${advice}`);
}

const titleOf = (slug: string): string => slug.charAt(0).toUpperCase() + slug.slice(1).replaceAll("-", " ");

interface NewSource {
  readonly slug: string;
  readonly language: TemplateLanguage;
  readonly provider: string;
}

function makeSource(catalogue: string, { slug, language, provider }: NewSource): { folder: string; files: string[] } {
  if (!existsSync(catalogue)) throw new ToolError(`There is no folder ${catalogue}. Make it first.`);
  const folder = join(catalogue, slug);
  if (existsSync(folder))
    throw new ToolError(`${folder} is there already, and nothing is overwritten. Take another slug.`);
  const fill = (file: string, values: Readonly<Record<string, string>>): string =>
    readFileSync(join(templates, file), "utf8").replaceAll(/__(\w+)__/g, (_, key: string) =>
      stringify(values[key] ?? "").trimEnd(),
    );
  // Made aside and moved, so that a half-made source is never seen.
  const draft = mkdtempSync(join(catalogue, ".new-"));
  const code = codeFiles[language];
  try {
    mkdirSync(join(draft, slug, "fixtures"), { recursive: true });
    writeFileSync(join(draft, slug, "source.yaml"), fill("source.yaml", { name: titleOf(slug), provider, language }));
    cpSync(join(templates, language, code), join(draft, slug, code));
    cpSync(join(templates, "cases.yaml"), join(draft, slug, "fixtures", "cases.yaml"));
    renameSync(join(draft, slug), folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  const files = ["source.yaml", code, join("fixtures", "cases.yaml")].map((file) => join(folder, file));
  const providerFile = join(catalogue, "providers", `${provider}.yaml`);
  if (existsSync(providerFile)) return { folder, files };
  mkdirSync(join(catalogue, "providers"), { recursive: true });
  writeFileSync(providerFile, fill("provider.yaml", { name: titleOf(provider) }), { flag: "wx" });
  return { folder, files: [...files, providerFile] };
}
