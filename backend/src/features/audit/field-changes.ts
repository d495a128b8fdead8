import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { FieldChange, Json } from "@assay/contract";

/** Stands for a value that must not be kept. */
const redacted = "[redacted]";
const secretName = /password|passphrase|secret|token|credential|private|(api|access|session|encryption)[-_]?key|hash$/i;
const valueBytesMax = 1_000;
const changesMax = 100;
/** What tells nothing beside the event itself, or stands in another field (the hash of code in its place). */
const noise: ReadonlySet<string> = new Set([
  "id",
  "codeHash",
  "versionId",
  "catalogueManifest",
  "createdAt",
  "updatedAt",
  "createdUserId",
  "updatedUserId",
]);

type Fields = Readonly<Record<string, unknown>>;

/**
 * What is different between two states, field by field: null before is a creation, null after a deletion. Values of fields named like
 * secrets, and texts in `configValues` (where a key may stand), are "[redacted]"; `code` and long values are hash and size.
 */
export function fieldChanges(before: Fields | null, after: Fields | null): FieldChange[] {
  const [old, now] = [flatten(before), flatten(after)];
  const names = [...new Set([...old.keys(), ...now.keys()])].filter((name) => !noise.has(name));
  const changes = names
    .filter((name) => !isDeepStrictEqual(old.get(name) ?? null, now.get(name) ?? null))
    .map((field) => ({ field, before: shown(field, old.get(field)), after: shown(field, now.get(field)) }));
  if (changes.length <= changesMax) return changes;
  const rest = { field: "…", before: null, after: `${changes.length - changesMax} more fields` };
  return [...changes.slice(0, changesMax), rest];
}

/** Settings of a source one by one, everything else whole. */
function flatten(fields: Fields | null): Map<string, unknown> {
  const flat = new Map<string, unknown>();
  for (const [name, value] of Object.entries(fields ?? {})) {
    if (name !== "configValues") flat.set(name, value);
    else for (const [key, each] of Object.entries(value ?? {})) flat.set(`configValues.${key}`, each);
  }
  return flat;
}

function shown(field: string, value: unknown): Json {
  if (value === undefined || value === null) return null;
  if (typeof value === "boolean") return value;
  const isOfSource = field.startsWith("configValues.");
  if (isOfSource && typeof value === "string") return redacted;
  // A number outside a source's settings is a limit, such as the shortest password allowed.
  if (secretName.test(field) && (isOfSource || typeof value !== "number")) return redacted;
  const json = value instanceof Date ? value.toJSON() : (censor(value) as Json);
  const text = typeof json === "string" ? json : JSON.stringify(json);
  const bytes = Buffer.byteLength(text);
  if (field !== "code" && bytes <= valueBytesMax) return json;
  return `sha256 ${createHash("sha256").update(text).digest("hex")}, ${bytes} bytes`;
}

function censor(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(censor);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      secretName.test(key) && typeof each === "string" ? redacted : censor(each),
    ]),
  );
}
