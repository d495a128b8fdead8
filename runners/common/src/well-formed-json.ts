function wellFormed(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key.toWellFormed(), wellFormed(one)]));
}

/**
 * Valid JSON text with U+FFFD for each half of a character: an escape such as \ud800 is valid JSON, and no database takes it. Numbers may
 * come out longer than they were written: 1e20.
 */
export function withoutHalves(json: string): string {
  return /\\u[dD][89a-fA-F]/.test(json) ? JSON.stringify(wellFormed(JSON.parse(json))) : json;
}
