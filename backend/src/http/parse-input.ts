import { type FieldError, issueText } from "@assay/contract";
import type { z } from "zod";
import { failValidation } from "../problem-error.ts";

const depthMax = 40;
/** A list can be wrong in every place; nobody reads them all. */
const errorsMax = 100;

interface Part {
  readonly name: "params" | "query" | "body";
  readonly schema: z.ZodType | undefined;
  readonly value: unknown;
}

/**
 * The parts of a call, checked and converted.
 * @throws ProblemError VALIDATION_FAILED with every field that is wrong, in all parts
 */
export function parseInput(parts: readonly Part[]): Record<string, unknown> {
  const input: Record<string, unknown> = { params: undefined, query: undefined, body: undefined };
  const errors: FieldError[] = [];
  for (const { name, schema, value } of parts) {
    if (!schema) continue;
    const unstorable = findUnstorable(name, value);
    if (unstorable) {
      errors.push(unstorable);
      continue;
    }
    const result = schema.safeParse(value, { error: issueText });
    if (result.success) input[name] = result.data;
    else errors.push(...result.error.issues.slice(0, errorsMax).flatMap((issue) => fieldErrors(name, issue)));
  }
  if (errors.length > 0) failValidation(errors);
  return input;
}

function fieldErrors(part: string, issue: z.core.$ZodIssue): FieldError[] {
  const field = fieldName(part, issue.path);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ field: `${field}.${key}`, message: "is not a known field" }));
  }
  // The most telling of a union's branches is the one that got furthest.
  if (issue.code === "invalid_union") {
    const [best] = issue.errors.toSorted((a, b) => (b[0]?.path.length ?? 0) - (a[0]?.path.length ?? 0));
    if (best?.[0] && best[0].path.length > 0) {
      return best.flatMap((inner) => fieldErrors(part, { ...inner, path: [...issue.path, ...inner.path] }));
    }
  }
  return [{ field, message: issue.message }];
}

/** `body.sourceIds[2]` */
function fieldName(part: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (name, key) => (typeof key === "number" ? `${name}[${key}]` : `${name}.${String(key)}`),
    part,
  );
}

/** Text that PostgreSQL cannot keep (U+0000, halves of surrogate pairs), and nesting that would exhaust a stack. */
function findUnstorable(part: string, root: unknown): FieldError | null {
  const path: PropertyKey[] = [];
  const find = (value: unknown): FieldError | null => {
    if (typeof value === "string") {
      if (isStorable(value)) return null;
      return { field: fieldName(part, path), message: "must be valid Unicode without the character U+0000" };
    }
    if (typeof value !== "object" || value === null) return null;
    if (path.length >= depthMax) return { field: fieldName(part, path.slice(0, 3)), message: "is nested too deeply" };
    const isList = Array.isArray(value);
    for (const key of Object.keys(value)) {
      if (!isList && !isStorable(key))
        return { field: fieldName(part, path), message: "has a field whose name is not valid Unicode" };
      path.push(isList ? Number(key) : key);
      const found = find((value as Record<string, unknown>)[key]);
      if (found) return found;
      path.pop();
    }
    return null;
  };
  return find(root);
}

function isStorable(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}
