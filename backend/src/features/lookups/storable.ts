import type { Json } from "@assay/contract";

/** Whether JSON text holds what PostgreSQL's jsonb refuses: NUL or a lone surrogate. May be true for an escaped backslash. */
export function mayBeUnstorable(json: string): boolean {
  return /\\u(0000|[dD][89a-fA-F])/.test(json);
}

/** The value with every NUL and lone surrogate replaced by U+FFFD, in keys too. */
export function storable(value: Json): Json {
  if (typeof value === "string") return value.toWellFormed().replaceAll("\u0000", "\uFFFD");
  if (Array.isArray(value)) return value.map(storable);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [storable(key) as string, storable(item)]));
}
