import type { Me } from "@assay/contract";
import { requireUser } from "../../authorise.ts";
import type { ActorUser, Context } from "../../context.ts";
import type { Exchange } from "../../http/handlers.ts";
import { fail, failValidation } from "../../problem-error.ts";
import { announceAccessChange } from "./access-watch.ts";
import { userActor } from "./actor.ts";
import type { PasswordSignIn } from "./password-sign-in.ts";
import { hashPassword } from "./passwords.ts";
import { findUserById, updateLastSignIn, updatePassword } from "./queries.ts";
import { deleteSessions } from "./session-queries.ts";

/** Starts a session. @throws ProblemError UNAUTHENTICATED, TOO_MANY_REQUESTS */
export async function login(
  ctx: Context,
  { email, password }: { readonly email: string; readonly password: string },
  { address, session }: Exchange,
  signIn: PasswordSignIn,
): Promise<Me> {
  const { user } = await signIn.check(email, password, address);
  await ctx.db.transaction((tx) => updateLastSignIn(tx, user.id, ctx.clock.now()));
  const csrfToken = await session.signIn(user.id, "password");
  ctx.log.info({ userId: user.id, address }, "signed in");
  return meOf(user, [...userActor(user, "session").scopes], csrfToken);
}

/** Who calls. */
export function me(ctx: Context, { session }: Exchange): Me {
  const { actor } = ctx;
  if (actor.type !== "user" && actor.type !== "apiToken") fail("UNAUTHENTICATED", "Sign in first.");
  return meOf(actor.user, [...actor.scopes], session.csrfToken);
}

/** Changes the caller's own password and ends every other session. @throws ProblemError VALIDATION_FAILED, TOO_MANY_REQUESTS */
export async function changePassword(
  ctx: Context,
  { currentPassword, newPassword }: { readonly currentPassword: string; readonly newPassword: string },
  { address, session }: Exchange,
  signIn: PasswordSignIn,
): Promise<void> {
  const { id } = requireUser(ctx.actor);
  const credentials = (await findUserById(ctx.db, id)) ?? fail("UNAUTHENTICATED", "Sign in first.");
  if (!(await signIn.confirm(credentials.user, credentials.passwordHash, currentPassword, address))) {
    failValidation([{ field: "body.currentPassword", message: "is not your password" }]);
  }
  const passwordHash = await hashPassword(newPassword);
  await ctx.db.transaction(async (tx) => {
    await updatePassword(tx, id, passwordHash, ctx.clock.now());
    await deleteSessions(tx, id, { kept: session.id });
    await announceAccessChange(ctx.db, id, tx);
  });
  ctx.log.info({ userId: id, address }, "changed the password");
}

function meOf({ id, email, name, roles, createdAt }: ActorUser, scopes: Me["scopes"], csrfToken: string | null): Me {
  return { user: { id, email, name, roles: [...roles], createdAt: createdAt.toISOString() }, scopes, csrfToken };
}
