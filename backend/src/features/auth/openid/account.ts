import type { Role } from "@assay/contract";
import { userActor } from "../actor.ts";
import { knownRoles, updateLastSignIn } from "../queries.ts";
import type { ActorUser, Context } from "../../../context.ts";
import type { Transaction } from "../../../db/database.ts";
import type { User } from "../../../db/generated/client.ts";
import { newId } from "../../../ids.ts";
import { fieldChanges } from "../../audit/field-changes.ts";
import { recordAudit } from "../../audit/record.ts";
import { tokensChannel } from "../../api-tokens/token-proof.ts";
import { announceAccessChange } from "../access-watch.ts";
import {
  countOtherAdministrators,
  deleteAccount,
  findAccountByEmail,
  insertAccount,
  listTokenIds,
  updateAccount,
} from "../../users/queries.ts";
import type { ProvenIdentity } from "./claims.ts";
import { findIdentity, insertIdentity, updateIdentity } from "./identity-queries.ts";
import type { OpenidProvider } from "./providers.ts";
import { OpenidRefusal } from "./refusal.ts";

/**
 * The user whom a proven identity signs in, its account brought up to date or made where the provider's entry says so. An account
 * is never found by its e-mail address: whoever has that address at some provider need not be the one who has the account.
 * @throws OpenidRefusal
 */
export async function signInIdentity(
  ctx: Context,
  provider: OpenidProvider,
  identity: ProvenIdentity,
): Promise<ActorUser> {
  return ctx.db.transaction(async (tx) => {
    const known = await findIdentity(tx, identity);
    const now = ctx.clock.now();
    if (known && !known.user.enabled) throw new OpenidRefusal("disabled", `the account ${known.userId} is disabled`);
    const user = known
      ? await synchronise(ctx, tx, known.user, provider, identity)
      : await createFor(ctx, tx, provider, identity);
    if (known) await updateIdentity(tx, known.id, { email: identity.email, lastSignInAt: now });
    await updateLastSignIn(tx, user.id, now);
    const actor = {
      id: user.id,
      email: user.email,
      name: user.name,
      roles: knownRoles(user.roles),
      createdAt: user.createdAt,
    };
    await recordAudit(
      tx,
      { ...ctx, actor: userActor(actor, "session") },
      { action: "user.signIn", object: objectOf(user), changes: fieldChanges(null, { way: provider.id }) },
    );
    return actor;
  });
}

async function createFor(
  ctx: Context,
  tx: Transaction,
  { id: provider, accounts, requireVerifiedEmail }: OpenidProvider,
  { issuer, subject, email, emailVerified, name, roles }: ProvenIdentity,
): Promise<User> {
  if (email === null)
    throw new OpenidRefusal("no-account", "nobody here has this identity, and it has no e-mail address");
  if (requireVerifiedEmail && !emailVerified)
    throw new OpenidRefusal("unverified", "the e-mail address is not verified");
  const taken = await findAccountByEmail(tx, email);
  if (taken !== null && !(taken.awaitingApproval && emailVerified))
    throw new OpenidRefusal("account-exists", "an account has this e-mail address and is not linked");
  const domain = email.slice(email.lastIndexOf("@") + 1);
  const mayBeMade = accounts.create === "on" || (accounts.create === "domains" && accounts.domains.includes(domain));
  if (!mayBeMade) throw new OpenidRefusal("no-account", "nobody here has this identity");
  // Whoever signed up with this address has proved nothing; the provider has.
  if (taken !== null) {
    await deleteAccount(tx, taken.id);
    const event = { action: "user.decline", object: objectOf(taken) } as const;
    await recordAudit(tx, { ...ctx, actor: { type: "system" } }, event);
  }
  const now = ctx.clock.now();
  const given = givenRoles(accounts, { roles });
  const made = await insertAccount(tx, { id: newId(), email, name, roles: [...given], passwordHash: null, now });
  const linked = { id: newId(), userId: made.id, provider, issuer, subject, email, createdAt: now, lastSignInAt: now };
  await insertIdentity(tx, linked);
  const changes = fieldChanges(null, { email, name, roles: given, provider });
  await recordAudit(
    tx,
    { ...ctx, actor: { type: "system" } },
    { action: "user.create", object: objectOf(made), changes },
  );
  return made;
}

/** What the provider's mapping gives holds from this sign-in on; who is in no group any more has the roles of a new account. */
async function synchronise(
  ctx: Context,
  tx: Transaction,
  user: User,
  { accounts }: OpenidProvider,
  identity: ProvenIdentity,
): Promise<User> {
  const roles = givenRoles(accounts, identity);
  if (identity.roles === null || sameRoles(roles, user.roles)) return user;
  const losesAdministrator = user.roles.includes("admin") && !roles.includes("admin");
  if (losesAdministrator && (await countOtherAdministrators(tx, user.id)) === 0) {
    ctx.log.warn({ userId: user.id }, "the provider's roles would leave no administrator; the old ones stay");
    return user;
  }
  const changed = await updateAccount(tx, user.id, { roles: [...roles] }, ctx.clock.now());
  const changes = fieldChanges({ roles: user.roles }, { roles });
  await recordAudit(
    tx,
    { ...ctx, actor: { type: "system" } },
    { action: "user.update", object: objectOf(user), changes },
  );
  for (const tokenId of await listTokenIds(tx, user.id)) await ctx.db.notify(tokensChannel, tokenId, tx);
  await announceAccessChange(ctx.db, user.id, tx);
  return changed;
}

function givenRoles(accounts: OpenidProvider["accounts"], { roles }: Pick<ProvenIdentity, "roles">): readonly Role[] {
  return roles !== null && roles.length > 0 ? roles : accounts.roles;
}

const sameRoles = (a: readonly Role[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((role) => b.includes(role));

/** Lets an identity sign a user in from now on; the user has proved both. @throws OpenidRefusal */
export async function linkIdentity(
  ctx: Context,
  user: ActorUser,
  { id: provider }: OpenidProvider,
  { issuer, subject, email }: ProvenIdentity,
): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const known = await findIdentity(tx, { issuer, subject });
    if (known?.userId === user.id) return;
    if (known) throw new OpenidRefusal("taken", "another account has this identity");
    const identity = { id: newId(), userId: user.id, provider, issuer, subject, email };
    await insertIdentity(tx, { ...identity, createdAt: ctx.clock.now(), lastSignInAt: null });
    const changes = fieldChanges(null, { provider, issuer, subject, email });
    await recordAudit(tx, ctx, { action: "user.linkIdentity", object: objectOf(user), changes });
  });
}

function objectOf({ id, email }: Pick<ActorUser, "id" | "email">) {
  return { type: "user", id, name: email };
}
