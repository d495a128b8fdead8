/** Whether an error of a query says that a row with this key exists already. */
export function isUniqueViolation(error: unknown): boolean {
  return hasCode(error, "P2002");
}

/** Whether an error of a query says that other rows still refer to the one to be deleted. */
export function isStillReferred(error: unknown): boolean {
  return hasCode(error, "P2003");
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
