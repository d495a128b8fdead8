import { createHash, createHmac } from "node:crypto";

/**
 * What stands for a session's id in the database. The id itself is in the cookie only: whoever reads the database, even with the key
 * that signs cookies, cannot make one. The id is random and long, so that a slow hash would add nothing.
 */
export function storedSessionId(sid: string): string {
  return createHash("sha256").update(sid).digest("hex");
}

/** The CSRF token of a session. It follows from the id, so that it is kept nowhere, and tells nothing of it. */
export function csrfTokenOf(sid: string): string {
  return createHmac("sha256", sid).update("assay csrf token").digest("base64url");
}
