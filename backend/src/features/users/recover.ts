import type { Clock } from "../../context.ts";
import type { Database } from "../../db/database.ts";
import { tokensChannel } from "../api-tokens/token-proof.ts";
import { fieldChanges } from "../audit/field-changes.ts";
import { recordAudit, systemAudit } from "../audit/record.ts";
import { announceAccessChange } from "../auth/access-watch.ts";
import { newPassword } from "../auth/new-password.ts";
import { hashPassword } from "../auth/passwords.ts";
import { deleteSessions } from "../auth/session-queries.ts";
import { findAccountByEmail, listTokenIds, updateAccount } from "./queries.ts";

/** The account cannot be given a password; the message says why and what to do. */
export class RecoveryError extends Error {
  override name = "RecoveryError";
}

export interface Recovered {
  readonly email: string;
  readonly password: string;
  readonly roles: readonly string[];
}

/**
 * Lets somebody in again on the word of whoever has the machine: a new password, the account enabled, its sessions ended; with
 * `admin` an administrator as well. Running nodes hear of it at once.
 * @throws RecoveryError
 */
export async function recoverAccount(
  db: Database,
  clock: Clock,
  address: string,
  { admin }: { readonly admin: boolean },
): Promise<Recovered> {
  const email = address.trim().toLowerCase();
  const password = newPassword();
  const passwordHash = await hashPassword(password);
  return db.transaction(async (tx) => {
    const account = await findAccountByEmail(tx, email);
    if (account === null) throw new RecoveryError(await unknown(db, email));
    const { id } = account;
    if (account.awaitingApproval && !admin) {
      throw new RecoveryError(
        `${email} signed up and has not been approved. An administrator approves it, or --admin makes it one.`,
      );
    }
    const roles = admin && !account.roles.includes("admin") ? [...account.roles, "admin"] : account.roles;
    const after = { roles, enabled: true, awaitingApproval: false, passwordHash };
    await updateAccount(tx, id, after, clock.now());
    await deleteSessions(tx, id);
    for (const tokenId of await listTokenIds(tx, id)) await db.notify(tokensChannel, tokenId, tx);
    await announceAccessChange(db, id, tx);
    const { enabled, awaitingApproval, passwordHash: oldHash } = account;
    const before = { roles: account.roles, enabled, awaitingApproval, passwordHash: oldHash };
    const object = { type: "user", id, name: email };
    const changes = fieldChanges(before, after);
    await recordAudit(tx, systemAudit(clock), { action: "user.resetPassword", object, changes });
    return { email, password, roles };
  });
}

async function unknown(db: Database, email: string): Promise<string> {
  const where = { enabled: true, roles: { has: "admin" } };
  const administrators = await db.prisma.user.findMany({ where, select: { email: true }, orderBy: { email: "asc" } });
  const named = administrators.slice(0, 5).map((each) => each.email);
  const hint = named.length === 0 ? "There is no administrator" : `Administrators are ${named.join(", ")}`;
  return `There is no account ${email}. ${hint}.`;
}
