import type { Me } from "@assay/contract";
import { requireUser } from "../../authorise.ts";
import type { ActorUser, Context } from "../../context.ts";
import type { Exchange } from "../../http/handlers.ts";
import { fail, failValidation } from "../../problem-error.ts";
import { recordAudit } from "../audit/record.ts";
import { fieldChanges } from "../audit/field-changes.ts";
import { announceAccessChange } from "./access-watch.ts";
import { userActor } from "./actor.ts";
import type { PasswordSignIn } from "./password-sign-in.ts";
import type { PasswordRules } from "./password-rules.ts";
import { hashPassword } from "./passwords.ts";
import { findUserById, updateLastSignIn, updatePassword } from "./queries.ts";
import { deleteSessions } from "./session-queries.ts";

/** Starts a session. @throws ProblemError UNAUTHENTICATED, TOO_MANY_REQUESTS */
export async function login(
  ctx: Context,
  { email, password }: { readonly email: string; readonly password: string },
  { origin, session }: Exchange,
  signIn: PasswordSignIn,
): Promise<Me> {
  const { user } = await signIn.check(email, password, origin);
  const actor = userActor(user, "session");
  // Before the session, which is the session store's own to write: there is none without its event.
  await ctx.db.transaction(async (tx) => {
    await updateLastSignIn(tx, user.id, ctx.clock.now());
    await recordAudit(tx, { ...ctx, actor }, { action: "user.signIn", object: objectOf(user) });
  });
  const csrfToken = await session.signIn(user.id, "password");
  ctx.log.info({ userId: user.id, address: origin.address }, "signed in");
  return meOf(user, [...actor.scopes], csrfToken);
}

/** Ends the caller's session, and what goes on in it on any node. */
export async function logout(ctx: Context, { session }: Exchange): Promise<void> {
  const user = requireUser(ctx.actor);
  await recordAudit(ctx.db.prisma, ctx, { action: "user.signOut", object: objectOf(user) });
  await session.signOut();
  await announceAccessChange(ctx.db, user.id, ctx.db.prisma);
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
  { origin, session }: Exchange,
  signIn: PasswordSignIn,
  rules: PasswordRules,
): Promise<void> {
  const { id, ...owner } = requireUser(ctx.actor);
  await rules.check("body.newPassword", newPassword, owner);
  const credentials = (await findUserById(ctx.db, id)) ?? fail("UNAUTHENTICATED", "Sign in first.");
  if (!(await signIn.confirm(credentials.user, credentials.passwordHash, currentPassword, origin))) {
    failValidation([{ field: "body.currentPassword", message: "is not your password" }]);
  }
  const passwordHash = await hashPassword(newPassword);
  await ctx.db.transaction(async (tx) => {
    await updatePassword(tx, id, passwordHash, ctx.clock.now());
    await deleteSessions(tx, id, { kept: session.id });
    await announceAccessChange(ctx.db, id, tx);
    const changes = fieldChanges({ passwordHash: credentials.passwordHash }, { passwordHash });
    await recordAudit(tx, ctx, { action: "user.changePassword", object: objectOf(credentials.user), changes });
  });
  ctx.log.info({ userId: id, address: origin.address }, "changed the password");
}

function objectOf({ id, email }: ActorUser): { type: string; id: string; name: string } {
  return { type: "user", id, name: email };
}

function meOf({ id, email, name, roles, createdAt }: ActorUser, scopes: Me["scopes"], csrfToken: string | null): Me {
  return { user: { id, email, name, roles: [...roles], createdAt: createdAt.toISOString() }, scopes, csrfToken };
}
