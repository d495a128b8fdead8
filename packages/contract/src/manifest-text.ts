import { isAlias, isMap, isNode, isPair, LineCounter, parseDocument, type Document, type Node } from "yaml";
import { z } from "zod";
import { ManifestCache } from "./cache-lifetimes.ts";
import { issueText } from "./issue-text.ts";
import { ConfigProperty, configValueProblems, type ConfigSchema, SourceManifest } from "./manifest.ts";
import { nearestName } from "./nearest-name.ts";
import { SecretSlot } from "./secret-slots.ts";
import type { ManifestDiagnostic } from "./sources.ts";

export { hostDiagnostics } from "./manifest-hosts.ts";
export { secretDiagnostics } from "./manifest-secrets.ts";
export { writeManifestText } from "./write-manifest.ts";

type Path = readonly PropertyKey[];

/** A manifest as its author wrote it. `manifest` is undefined where a diagnostic is an error. */
export interface ManifestReading<Manifest> {
  readonly manifest: Manifest | undefined;
  readonly diagnostics: ManifestDiagnostic[];
  /** Where something of the manifest stands, 1-based: the item of the path, or what comes nearest. */
  readonly positionOf: (path: Path) => { readonly line: number; readonly column: number };
}

/** More is no manifest; it would only be work to read it. */
export const manifestCharsMax = 256 * 1024;
const deeperWords = [...ConfigProperty.options, SecretSlot, ManifestCache].flatMap((option) =>
  Object.keys(option.shape),
);

/** Reads `source.yaml`; never throws. What it says of a field names it, says why, and where it stands. */
export function readManifestText(text: string): ManifestReading<SourceManifest> {
  const reading = readYaml(text, SourceManifest, deeperWords);
  const { manifest } = reading;
  if (manifest === undefined) return reading;
  const findings = [...faultsOf(manifest.config), ...repeatedItems(manifest), ...idleStrips(manifest)].map(
    ({ path, severity, message }) => ({
      severity,
      field: path.map(String).join("."),
      message,
      ...reading.positionOf(path),
    }),
  );
  const isFaulty = findings.some(({ severity }) => severity === "error");
  return { ...reading, manifest: isFaulty ? undefined : manifest, diagnostics: findings };
}

/**
 * Reads YAML that has to fit a schema, `providers/<slug>.yaml` for one; never throws. `words` are the keys that may stand below its
 * first level, to be named where another one was nearly meant.
 */
export function readYaml<S extends z.ZodType>(
  text: string,
  schema: S,
  words: readonly string[] = [],
): ManifestReading<z.output<S>> {
  const counter = new LineCounter();
  const place = (offset: number) => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const failed = (diagnostics: ManifestDiagnostic[]) => ({
    manifest: undefined,
    diagnostics,
    positionOf: () => ({ line: 1, column: 1 }),
  });
  const whole = (message: string): ManifestDiagnostic[] => [
    { severity: "error", field: null, message, line: 1, column: 1 },
  ];
  if (text.length > manifestCharsMax) return failed(whole(`is longer than ${manifestCharsMax} characters`));

  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, logLevel: "error" });
  if (document.errors.length > 0) {
    return failed(
      document.errors.map(({ message, pos }) => ({
        severity: "error",
        field: null,
        message: `This is not YAML: ${message}`,
        ...place(pos[0]),
      })),
    );
  }
  const positionOf = (path: Path) => place(offsetOf(document, path));
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : undefined;
  if (known !== undefined && !isMap(document.contents))
    return failed(whole('A manifest is a list of fields, such as "name: Example"; this is not.'));
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 20 });
  } catch (error) {
    return failed(whole(`This YAML cannot be read: ${error instanceof Error ? error.message : "unknown reason"}`));
  }
  const parsed = schema.safeParse(value, { error: issueText });
  if (parsed.success) return { manifest: parsed.data, diagnostics: [], positionOf };
  const diagnostics = parsed.error.issues
    .flatMap((issue) => diagnosticsOf(issue, issue.path.length === 0 ? (known ?? words) : words, positionOf))
    .toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
  return { manifest: undefined, diagnostics, positionOf };
}

function diagnosticsOf(
  issue: z.core.$ZodIssue,
  names: readonly string[],
  positionOf: ManifestReading<unknown>["positionOf"],
): ManifestDiagnostic[] {
  const say = (path: Path, message: string): ManifestDiagnostic => ({
    severity: "error",
    field: path.map(String).join("."),
    message,
    ...positionOf(path),
  });
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => say([...issue.path, key], unknownKeyText(key, names)));
  if (issue.code === "invalid_key")
    return [say(issue.path, `cannot be a name here: ${issue.issues[0]?.message ?? "it is not valid"}`)];
  return [say(issue.path, issue.message)];
}

function unknownKeyText(key: string, names: readonly string[]): string {
  const nearest = nearestName(key, names);
  return nearest === undefined ? "is not known; remove it" : `is not known. Did you mean "${nearest}"?`;
}

/** Where the path's item begins: the key in a map, the value in a list; of a missing one, where the whole begins. */
function offsetOf(document: Document.Parsed, path: Path): number {
  let node: Node | null = document.contents;
  let offset = 0;
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document) ?? null;
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && String(item.key) === String(part));
      if (pair === undefined) return offset;
      offset = startOf(pair.key) ?? offset;
      node = isNode(pair.value) ? pair.value : null;
    } else {
      const item: unknown = isNode(node) && "items" in node ? node.items[Number(part)] : undefined;
      if (!isNode(item)) return offset;
      offset = startOf(item) ?? offset;
      node = item;
    }
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

interface Finding {
  readonly path: Path;
  readonly severity: "error" | "warning";
  readonly message: string;
}

function faultsOf(config: ConfigSchema): Finding[] {
  const defaults = Object.fromEntries(Object.entries(config).map(([name, property]) => [name, property.default]));
  return configValueProblems(config, defaults).map(({ name, message }) => ({
    path: ["config", name, "default"],
    severity: "error",
    message,
  }));
}

/** What is to be taken out of a kind that the source does not take, or leaves a kind that it does not take. */
function idleStrips({ strip, indicators }: SourceManifest): Finding[] {
  return strip.flatMap((part, at): Finding[] => {
    const kind = part === "email_local_part" ? "EMAIL" : "URL";
    const message = !indicators.includes(kind)
      ? `does nothing: the source does not take ${kind}`
      : kind === "EMAIL" && !indicators.includes("DOMAIN")
        ? "leaves a domain of every e-mail address. Add DOMAIN to the indicators, or the source is asked about no address."
        : null;
    return message === null ? [] : [{ path: ["strip", at], severity: "warning", message }];
  });
}

function repeatedItems(manifest: SourceManifest): Finding[] {
  return (["indicators", "strip", "hosts", "tags"] as const).flatMap((field) =>
    manifest[field].flatMap((item, at, all): Finding[] =>
      (all as readonly string[]).indexOf(item) === at
        ? []
        : [{ path: [field, at], severity: "warning", message: `"${item}" stands here twice; remove one` }],
    ),
  );
}
