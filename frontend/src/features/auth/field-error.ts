import { ApiError } from "@assay/contract";

/** What is wrong with one field of the body, as the server says it: a sentence. */
export function fieldError(error: Error | null, field: string): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  const message = error.problem.errors?.find((each) => each.field === `body.${field}`)?.message;
  return message === undefined ? undefined : `It ${message}`;
}
