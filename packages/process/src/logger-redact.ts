const credential = /(authorization|cookie|password|token|secret|api[-_]?key)s?$/i;
const depthMax = 6;

function censor(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null || value instanceof Error || depth > depthMax) return value;
  if (Array.isArray(value)) return value.map((item) => censor(item, depth + 1));
  if (Object.getPrototypeOf(value) !== Object.prototype && Object.getPrototypeOf(value) !== null) return value;
  return censorFields(value, depth);
}

function censorFields(fields: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      credential.test(key) && value !== undefined && value !== null ? "[redacted]" : censor(value, depth + 1),
    ]),
  );
}

/** A copy of a log entry's fields without the values of those named like credentials. Errors are left to their serialiser. */
export function redact<Fields extends object | null>(fields: Fields): Record<string, unknown> {
  return fields === null ? {} : censorFields(fields, 0);
}
