import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { type CodeDiagnostic, nearestName, ProviderManifest } from "@assay/contract";
import { hostDiagnostics, readYaml, secretDiagnostics } from "@assay/contract/manifest-text";
import { readSandboxConfig } from "@assay/process";
import type { Command } from "../command.ts";
import { casesFile, readCasesText } from "../replay/fixture.ts";
import { missingCases } from "../replay/missing-cases.ts";
import { openSandboxes, type Sandboxes } from "../sandboxes.ts";
import {
  catalogueFolder,
  codeFiles,
  findFolder,
  type ReadSource,
  readSource,
  readText,
  sourceFolders,
} from "../source-folder.ts";
import { printable, type Terminal } from "../terminal.ts";

/** A diagnostic and the file that it is about. */
interface Finding extends CodeDiagnostic {
  readonly file: string;
  readonly field?: string | null;
}

export const checkCommand: Command = {
  name: "check",
  summary: "say what is wrong with manifest, code and cases, with line and column",
  help: `Usage: npx assay-source check [folder or slug …]

Reads the manifest, has the code compiled in the real sandbox, and looks for what the cases do not show. Without a folder it
checks the whole catalogue. Nothing is run and no network is needed. The exit code is 1 when there are errors; warnings are
for you to judge.`,
  options: {},
  positionalsMax: Infinity,
  async run({ positionals }, { terminal, env, signal }) {
    const folders = positionals.length > 0 ? positionals.map(findFolder) : sourceFolders(catalogueFolder);
    const sources = folders.map(readSource);
    const sandboxes = await openSandboxes(readSandboxConfig(env));
    const counts = { error: 0, warning: 0 };
    try {
      for (const source of sources) {
        for (const finding of await findingsOf(source, sandboxes, signal)) {
          counts[finding.severity] += 1;
          terminal.out(lineOf(finding, terminal));
        }
      }
    } finally {
      await sandboxes.close();
    }
    terminal.out(summaryOf(counts, sources.length, terminal));
    return counts.error > 0 ? 1 : 0;
  },
};

function lineOf({ file, line, column, severity, field, message }: Finding, { paint }: Terminal): string {
  const place = [relative(process.cwd(), file), line, column].filter((part) => part !== null).join(":");
  const about = field === undefined || field === null || field === "" ? "" : `${field}: `;
  return `${paint("bold", place)} ${paint(severity === "error" ? "red" : "yellow", severity)} ${printable(about + message)}`;
}

function summaryOf(counts: Record<"error" | "warning", number>, sources: number, { paint }: Terminal): string {
  const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? "" : "s"}`;
  const of = plural(sources, "source");
  if (counts.error > 0)
    return paint("red", `✗ ${plural(counts.error, "error")}, ${plural(counts.warning, "warning")} in ${of}`);
  if (counts.warning > 0) return paint("yellow", `✓ ${plural(counts.warning, "warning")} in ${of}`);
  return paint("green", `✓ nothing wrong in ${of}`);
}

async function findingsOf(source: ReadSource, sandboxes: Sandboxes, signal: AbortSignal): Promise<Finding[]> {
  const { reading, manifestFile, codeFile, code } = source;
  const { manifest } = reading;
  const inManifest = reading.diagnostics.map((diagnostic) => ({ ...diagnostic, file: manifestFile }));
  const found: Finding[] = [...inManifest, ...providerFindings(source)];
  if (codeFile === undefined || code === undefined) {
    const wanted = manifest === undefined ? Object.values(codeFiles).join(", ") : codeFiles[manifest.language];
    const message = `there is no ${wanted} beside the manifest`;
    found.push({
      file: manifestFile,
      severity: "error",
      field: "language",
      message,
      ...reading.positionOf(["language"]),
    });
    return [...found, ...casesFindings(source)];
  }
  const language = codeFile.endsWith(".py") ? "python" : "javascript";
  found.push(
    ...(await compile(source.slug, code, await sandboxes.executorFor(language), signal)).map(inFile(codeFile)),
  );
  if (manifest !== undefined) {
    const hosts = hostDiagnostics(manifest, reading.positionOf, code);
    const secrets = secretDiagnostics(manifest, reading.positionOf, code);
    for (const { code: inCode, manifest: inManifest } of [hosts, secrets])
      found.push(...inCode.map(inFile(codeFile)), ...inManifest.map(inFile(manifestFile)));
  }
  return [...found, ...casesFindings(source)];
}

const inFile =
  (file: string) =>
  (diagnostic: CodeDiagnostic): Finding => ({ ...diagnostic, file });

async function compile(
  sourceId: string,
  code: string,
  executor: Awaited<ReturnType<Sandboxes["executorFor"]>>,
  signal: AbortSignal,
): Promise<CodeDiagnostic[]> {
  const codeHash = createHash("sha256").update(code).digest("hex");
  const diagnostics = await executor.prepare({ sourceId, codeHash, code }, signal);
  return diagnostics.map(({ severity, message, line, column }) => ({
    severity,
    message,
    line: line === 0 ? null : line,
    column: line === 0 || column === 0 ? null : column,
  }));
}

function providerFindings({ folder, manifestFile, reading }: ReadSource): Finding[] {
  const slug = reading.manifest?.provider;
  if (slug === undefined) return [];
  const providers = join(dirname(folder), "providers");
  const file = join(providers, `${slug}.yaml`);
  const text = readText(file);
  if (text !== undefined) return readYaml(text, ProviderManifest).diagnostics.map((fault) => ({ ...fault, file }));
  const known = existsSync(providers) ? readdirSync(providers).map((name) => basename(name, ".yaml")) : [];
  const nearest = nearestName(slug, known);
  const advice = nearest === undefined ? "Write it: a name and a description." : `Did you mean "${nearest}"?`;
  const message = `there is no ${relative(process.cwd(), file)}. ${advice}`;
  return [{ file: manifestFile, severity: "error", field: "provider", message, ...reading.positionOf(["provider"]) }];
}

function casesFindings({ folder, reading }: ReadSource): Finding[] {
  const file = casesFile(folder);
  const text = readText(file);
  const whole = { file, severity: "warning", line: null, column: null } as const;
  if (text === undefined)
    return [{ ...whole, message: "there are no cases: write them, or have `assay-source record` do it" }];
  const cases = readCasesText(text);
  const faults = cases.diagnostics.map((fault) => ({ ...fault, file }));
  if (reading.manifest === undefined || cases.manifest === undefined) return faults;
  return [...faults, ...missingCases(reading.manifest, cases.manifest).map((message) => ({ ...whole, message }))];
}
