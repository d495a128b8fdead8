import type { Role, UserAccount, UserInput, UserPatch } from "@assay/contract";
import { authoriseAccount, requireUser } from "../../authorise.ts";
import type { Context } from "../../context.ts";
import type { Transaction } from "../../db/database.ts";
import { isUniqueViolation } from "../../db/violations.ts";
import { newId } from "../../ids.ts";
import { decodeCursor, type Page, pageOf, type PageQuery, positionByName } from "../../page.ts";
import { fail, failValidation } from "../../problem-error.ts";
import { tokensChannel } from "../api-tokens/token-proof.ts";
import { fieldChanges } from "../audit/field-changes.ts";
import { recordAudit } from "../audit/record.ts";
import { announceAccessChange } from "../auth/access-watch.ts";
import { newPassword } from "../auth/new-password.ts";
import { hashPassword } from "../auth/passwords.ts";
import { knownRoles } from "../auth/queries.ts";
import { deleteSessions } from "../auth/session-queries.ts";
import { accountOf } from "./account.ts";
import {
  type AccountFilter,
  type AccountRow,
  countOtherAdministrators,
  deleteAccount,
  findAccount,
  insertAccount,
  listAccounts,
  listTokenIds,
  updateAccount,
} from "./queries.ts";

/** What an administrator may set. */
interface Settings {
  readonly name: string;
  readonly roles: Role[];
  readonly enabled: boolean;
  readonly awaitingApproval: boolean;
}

/** Accounts by e-mail address. */
export async function pageAccounts(
  ctx: Context,
  { limit, cursor, ...filter }: PageQuery & AccountFilter,
): Promise<Page<UserAccount>> {
  const rows = await listAccounts(ctx.db, filter, decodeCursor(cursor, positionByName), limit + 1);
  return pageOf(rows, limit, ({ email, id }) => [email, id], accountOf);
}

/** @throws ProblemError NOT_FOUND */
export async function getAccount(ctx: Context, id: string): Promise<UserAccount> {
  return accountOf(await existing(ctx, id));
}

/** Makes an account, with a password that nobody else has seen. @throws ProblemError FORBIDDEN, CONFLICT */
export async function createAccount(
  ctx: Context,
  { email, name, roles, withPassword }: UserInput,
): Promise<{ user: UserAccount; password: string | null }> {
  authoriseAccount(ctx.actor, roles);
  const password = withPassword ? newPassword() : null;
  const passwordHash = password === null ? null : await hashPassword(password);
  const account = { id: newId(), email, name, roles, passwordHash, now: ctx.clock.now() };
  try {
    const row = await ctx.db.transaction(async (tx) => {
      const made = await insertAccount(tx, account);
      const changes = fieldChanges(null, { email, name, roles });
      await recordAudit(tx, ctx, { action: "user.create", object: objectOf(made), changes });
      return made;
    });
    return { user: accountOf(row), password };
  } catch (error) {
    if (isUniqueViolation(error)) fail("CONFLICT", `There is an account ${email} already.`);
    throw error;
  }
}

/**
 * Holds at once, on every node. To enable an account that awaits approval is to approve it.
 * @throws ProblemError NOT_FOUND, FORBIDDEN, CONFLICT, VALIDATION_FAILED where an approval names no roles
 */
export async function patchAccount(ctx: Context, id: string, patch: UserPatch): Promise<UserAccount> {
  const isOwn = requireUser(ctx.actor).id === id;
  if (isOwn && (patch.roles !== undefined || patch.enabled !== undefined)) {
    fail("CONFLICT", "Nobody can change their own roles or disable their own account. Another administrator can.");
  }
  const before = await existing(ctx, id);
  const { name = before.name, roles = knownRoles(before.roles), enabled = before.enabled } = patch;
  if (enabled && roles.length === 0) {
    failValidation([{ field: "body.roles", message: "is missing: say what the account may do" }]);
  }
  if (patch.roles !== undefined || (enabled && !before.enabled))
    authoriseAccount(ctx.actor, [...knownRoles(before.roles), ...roles]);
  const awaitingApproval = before.awaitingApproval && !enabled;
  const row = await change(ctx, before, { name, roles, enabled, awaitingApproval });
  return accountOf(row);
}

/** Deletes an account with its tokens and sessions; one that awaits approval is declined by that. @throws ProblemError NOT_FOUND, CONFLICT */
export async function removeAccount(ctx: Context, id: string): Promise<void> {
  if (requireUser(ctx.actor).id === id) fail("CONFLICT", "Nobody can delete their own account.");
  const account = await existing(ctx, id);
  await ctx.db.transaction(async (tx) => {
    await keepAnAdministrator(tx, account, { roles: [], enabled: false });
    await endAccess(ctx, tx, id);
    await deleteAccount(tx, id);
    const action = account.awaitingApproval ? "user.decline" : "user.delete";
    await recordAudit(tx, ctx, { action, object: objectOf(account) });
  });
}

/** Gives an account a new password and ends its sessions. @throws ProblemError NOT_FOUND, FORBIDDEN */
export async function resetPassword(ctx: Context, id: string): Promise<string> {
  const account = await existing(ctx, id);
  authoriseAccount(ctx.actor, knownRoles(account.roles));
  const password = newPassword();
  const passwordHash = await hashPassword(password);
  await ctx.db.transaction(async (tx) => {
    await updateAccount(tx, id, { passwordHash }, ctx.clock.now());
    await deleteSessions(tx, id);
    await announceAccessChange(ctx.db, id, tx);
    await recordAudit(tx, ctx, { action: "user.resetPassword", object: objectOf(account) });
  });
  return password;
}

/** Ends all sessions of an account. @throws ProblemError NOT_FOUND */
export async function signOutAccount(ctx: Context, id: string): Promise<void> {
  const account = await existing(ctx, id);
  await ctx.db.transaction(async (tx) => {
    await deleteSessions(tx, id);
    await announceAccessChange(ctx.db, id, tx);
    await recordAudit(tx, ctx, { action: "user.signOut", object: objectOf(account) });
  });
}

async function change(ctx: Context, before: AccountRow, after: Settings): Promise<AccountRow> {
  const { name, roles, enabled, awaitingApproval } = before;
  const changes = fieldChanges({ name, roles, enabled, awaitingApproval }, { ...after });
  if (changes.length === 0) return before;
  return ctx.db.transaction(async (tx) => {
    await keepAnAdministrator(tx, before, after);
    const row = await updateAccount(tx, before.id, after, ctx.clock.now());
    if (!after.enabled) await deleteSessions(tx, before.id);
    await announceTokens(ctx, tx, before.id);
    await announceAccessChange(ctx.db, before.id, tx);
    const action = awaitingApproval && !after.awaitingApproval ? "user.approve" : "user.update";
    await recordAudit(tx, ctx, { action, object: objectOf(before), changes });
    return row;
  });
}

async function keepAnAdministrator(
  tx: Transaction,
  before: Pick<AccountRow, "id" | "roles" | "enabled">,
  after: { readonly roles: readonly string[]; readonly enabled: boolean },
): Promise<void> {
  const isAdministrator = before.enabled && before.roles.includes("admin");
  if (!isAdministrator || (after.enabled && after.roles.includes("admin"))) return;
  if ((await countOtherAdministrators(tx, before.id)) > 0) return;
  fail("CONFLICT", "This is the last administrator who can sign in. Make another one first.");
}

async function endAccess(ctx: Context, tx: Transaction, id: string): Promise<void> {
  await deleteSessions(tx, id);
  await announceTokens(ctx, tx, id);
  await announceAccessChange(ctx.db, id, tx);
}

/** Nodes remember tokens with their owner's rights. */
async function announceTokens(ctx: Context, tx: Transaction, id: string): Promise<void> {
  for (const tokenId of await listTokenIds(tx, id)) await ctx.db.notify(tokensChannel, tokenId, tx);
}

async function existing(ctx: Context, id: string): Promise<AccountRow> {
  return (await findAccount(ctx.db, id)) ?? fail("NOT_FOUND", `There is no user ${id}.`);
}

function objectOf({ id, email }: Pick<AccountRow, "id" | "email">) {
  return { type: "user", id, name: email };
}
