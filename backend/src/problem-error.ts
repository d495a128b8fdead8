import type { FieldError, ProblemCode } from "@assay/contract";

export interface ProblemDetails {
  readonly errors?: readonly FieldError[];
  /** Of the answer, such as Retry-After. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** The only error that a verb throws on purpose; `message` is a sentence for people. Anything else leaves as an opaque INTERNAL. */
export class ProblemError extends Error {
  override name = "ProblemError";
  readonly code: ProblemCode;
  readonly errors: readonly FieldError[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ProblemCode, detail: string, { errors, headers = {}, cause }: ProblemDetails = {}) {
    super(detail, { cause });
    this.code = code;
    this.errors = errors;
    this.headers = headers;
  }
}

/** @throws ProblemError */
export function fail(code: ProblemCode, detail: string, errors?: readonly FieldError[]): never {
  throw new ProblemError(code, detail, errors ? { errors } : {});
}

/** @throws ProblemError VALIDATION_FAILED whose sentence names the fields */
export function failValidation(errors: readonly FieldError[]): never {
  const shown = errors.slice(0, 3).map(({ field, message }) => `${field} ${message}`);
  const rest = errors.length > shown.length ? ` (and ${errors.length - shown.length} more)` : "";
  fail("VALIDATION_FAILED", `The request is not valid: ${shown.join("; ")}${rest}.`, errors);
}
