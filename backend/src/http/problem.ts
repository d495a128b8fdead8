import { type Problem, type ProblemCode, problemStatus } from "@assay/contract";
import type { Logger } from "@assay/process";
import { isDatabaseUnavailable } from "../db/unavailable.ts";
import { ProblemError } from "../problem-error.ts";

const retryAfterSeconds = 5;

function titleOf(code: ProblemCode): string {
  switch (code) {
    case "MALFORMED_JSON":
      return "The body is not valid JSON";
    case "VALIDATION_FAILED":
      return "The request is not valid";
    case "INVALID_INDICATOR":
      return "The indicator is not valid";
    case "UNKNOWN_SOURCE":
      return "There is no such source";
    case "CODE_DOES_NOT_COMPILE":
      return "The code does not compile";
    case "UNAUTHENTICATED":
      return "Not signed in";
    case "FORBIDDEN":
      return "Not allowed";
    case "CSRF":
      return "Not from this site's own page";
    case "NOT_FOUND":
      return "Not found";
    case "METHOD_NOT_ALLOWED":
      return "Method not allowed";
    case "CONFLICT":
      return "In conflict with what there is";
    case "BODY_TOO_LARGE":
      return "The body is too large";
    case "UNSUPPORTED_MEDIA_TYPE":
      return "The body is not JSON";
    case "TOO_MANY_REQUESTS":
      return "Too many requests";
    case "INTERNAL":
      return "Something went wrong here";
    case "UNAVAILABLE":
      return "Not available now";
  }
}

/**
 * Any error as the problem that callers may see. Only a `ProblemError` speaks for itself; a database that is away is UNAVAILABLE;
 * all else is logged in full and leaves as an opaque INTERNAL.
 */
export function problemOf(
  error: unknown,
  { traceId, requestId }: { readonly traceId: string; readonly requestId: string },
  log: Logger,
): { problem: Problem; headers: Record<string, string> } {
  const known = knownError(error, log);
  const { code, message: detail, errors } = known;
  return {
    problem: {
      type: `urn:assay:problem:${code.toLowerCase().replaceAll("_", "-")}`,
      title: titleOf(code),
      status: problemStatus[code],
      code,
      detail,
      ...(errors && { errors: [...errors] }),
      traceId,
      requestId,
    },
    headers: { ...known.headers },
  };
}

function knownError(error: unknown, log: Logger): ProblemError {
  if (error instanceof ProblemError) return error;
  if (isDatabaseUnavailable(error)) {
    log.warn({ err: error }, "the database is away");
    return new ProblemError("UNAVAILABLE", "The database cannot be reached now. Try again in a few seconds.", {
      headers: { "retry-after": String(retryAfterSeconds) },
    });
  }
  // Two calls at once: the row that one of them means was deleted by the other.
  if (isPrismaError(error, "P2025")) return new ProblemError("NOT_FOUND", "It was deleted in the meantime.");
  if (isPrismaError(error, "P2003")) {
    return new ProblemError("CONFLICT", "What this belongs to was deleted in the meantime. Read it again.");
  }
  const status = clientErrorStatus(error);
  if (status === problemStatus.NOT_FOUND) return new ProblemError("NOT_FOUND", "There is no such file.");
  if (status !== null) return new ProblemError("VALIDATION_FAILED", "The address of the request is not valid.");
  log.error({ err: error }, "a call failed");
  return new ProblemError("INTERNAL", "This should not have happened. The log has the details under the trace id.");
}

/** What the router and the file server say of an address that they cannot decode or follow. */
function clientErrorStatus(error: unknown): number | null {
  if (!(error instanceof Error) || !("status" in error) || typeof error.status !== "number") return null;
  return error.status >= 400 && error.status < 500 ? error.status : null;
}

/** https://www.prisma.io/docs/orm/reference/error-reference */
function isPrismaError(error: unknown, code: string): boolean {
  return (
    error instanceof Error && error.name === "PrismaClientKnownRequestError" && "code" in error && error.code === code
  );
}
