import { z } from "zod";

/** Stable codes of errors, with the HTTP status each one has. */
export const problemStatus = {
  MALFORMED_JSON: 400,
  VALIDATION_FAILED: 400,
  INVALID_INDICATOR: 400,
  UNKNOWN_SOURCE: 400,
  CODE_DOES_NOT_COMPILE: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  CSRF: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  CONFLICT: 409,
  BODY_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  TOO_MANY_REQUESTS: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
} as const;
export type ProblemCode = keyof typeof problemStatus;

export const FieldError = z.strictObject({
  /** Where: `body.data`, `query.wait`, `body.sourceIds[2]`, `body.code`. */
  field: z.string(),
  message: z.string(),
  /** For code: 1-based. */
  line: z.number().int().optional(),
  column: z.number().int().optional(),
});
export type FieldError = z.infer<typeof FieldError>;

/** RFC 9457 problem document. */
export const Problem = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.enum(Object.keys(problemStatus) as [ProblemCode, ...ProblemCode[]]),
  detail: z.string(),
  errors: z.array(FieldError).optional(),
  traceId: z.string(),
  requestId: z.string().optional(),
});
export type Problem = z.infer<typeof Problem>;
