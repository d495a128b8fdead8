import { ApiError, type ProblemCode } from "@assay/contract";

const advice: Readonly<Partial<Record<ProblemCode, string>>> = {
  UNAUTHENTICATED: "Sign in and try again.",
  FORBIDDEN: "Ask an administrator for the role that allows it.",
  CSRF: "Reload the page and try again.",
  NOT_FOUND: "Check the address; it may have been deleted, or you may not be allowed to see it.",
  CONFLICT: "Somebody changed it in the meantime. Reload and try again.",
  TOO_MANY_REQUESTS: "Wait a moment, then try again.",
  INTERNAL: "Try again. If it stays, give the trace id to whoever runs Assay.",
  UNAVAILABLE: "Wait a moment and try again; nothing that was stored is lost.",
};

/** What happened, in a few words. */
export function problemTitle(error: Error): string {
  return error instanceof ApiError ? error.problem.title : "The server cannot be reached";
}

/** What to do about it. */
export function problemAdvice(error: Error): string {
  if (!(error instanceof ApiError)) return "Check your connection and that Assay is running, then try again.";
  return advice[error.problem.code] ?? "Change what is named above and try again.";
}
