import { type Access, isUnderBound, type Role, scopesOfRoles } from "@assay/contract";
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
      if (actor.type === "apiToken" && actor.markings.maxTlp !== null && !isUnderBound(access)) {
        fail(
          "FORBIDDEN",
          `This API token may read up to TLP:${actor.markings.maxTlp} only, and what the scope ${access} shows has no TLP. Use a token without a highest TLP, or sign in.`,
        );
      }
      if (actor.scopes.has(access)) return;
      fail(
        "FORBIDDEN",
        `This needs the scope ${access}, which ${actor.type === "apiToken" ? "this API token does" : "your roles do"} not have.`,
      );
  }
}

/**
 * Whether somebody may open an account with these roles to whoever comes with its password or identity. A token must not be a way to more than
 * it has itself: neither to lookups above its bound nor to scopes that it lacks. A person in person is bound by their scopes alone.
 * @throws ProblemError FORBIDDEN
 */
export function authoriseAccount(actor: Actor, roles: readonly Role[]): void {
  if (actor.type !== "apiToken") return;
  const { maxTlp } = actor.markings;
  if (maxTlp !== null) {
    fail(
      "FORBIDDEN",
      `This API token may read up to TLP:${maxTlp} only, and an account has no such bound: it can neither make one, nor give it a password or roles, nor enable it. Use a token without a highest TLP, or sign in.`,
    );
  }
  const missing = scopesOfRoles(roles).filter((scope) => !actor.scopes.has(scope));
  if (missing.length === 0) return;
  fail(
    "FORBIDDEN",
    `The account has, or would have, scopes that this API token does not: ${missing.join(", ")}. Use a token that has them, or sign in.`,
  );
}

/** The user who acts, in person or through a token. @throws ProblemError UNAUTHENTICATED */
export function requireUser(actor: Actor): ActorUser {
  return actor.type === "user" || actor.type === "apiToken" ? actor.user : fail("UNAUTHENTICATED", "Sign in first.");
}
