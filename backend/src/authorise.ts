import type { Access } from "@assay/contract";
import type { Actor, ActorUser } from "./context.ts";
import { fail } from "./problem-error.ts";

/**
 * The one place that decides who may do what; every endpoint passes here, streams included.
 * @throws ProblemError UNAUTHENTICATED, FORBIDDEN
 */
export function authorise(actor: Actor, access: Access): void {
  if (access === "public" || actor.type === "system") return;
  if (actor.type === "anonymous") {
    fail("UNAUTHENTICATED", "Sign in first: with a session, an API token, or e-mail and password (HTTP Basic).");
  }
  switch (access) {
    case "authenticated":
      return;
    case "session":
      if (actor.type === "user" && actor.via === "session") return;
      fail("FORBIDDEN", "This can only be done in a signed-in session, not with an API token or HTTP Basic.");
    default:
      if (actor.scopes.has(access)) return;
      fail(
        "FORBIDDEN",
        `This needs the scope ${access}, which ${actor.type === "apiToken" ? "this API token does" : "your roles do"} not have.`,
      );
  }
}

/** The user who acts, in person or through a token. @throws ProblemError UNAUTHENTICATED */
export function requireUser(actor: Actor): ActorUser {
  return actor.type === "user" || actor.type === "apiToken" ? actor.user : fail("UNAUTHENTICATED", "Sign in first.");
}
