import { ApiError } from "@assay/contract";

/** Somebody else has saved since: the server refused to write over a version that the author has not seen. */
export function isConflict(error: Error | null): boolean {
  return error instanceof ApiError && (error.problem.errors ?? []).some(({ field }) => field === "body.versionId");
}
