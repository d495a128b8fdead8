import type { Clock } from "../../context.ts";
import type { Database } from "../../db/database.ts";
import { newId } from "../../ids.ts";
import { fieldChanges } from "../audit/field-changes.ts";
import { recordAudit, systemAudit } from "../audit/record.ts";
import { newPassword } from "./new-password.ts";
import { hashPassword } from "./passwords.ts";
import { hasUsers, insertFirstUser } from "./queries.ts";

export interface FirstAdmin {
  readonly email: string;
  /** Only when it was made up here: nobody else knows it. */
  readonly password?: string;
}

/** Makes the first administrator of an installation without users; null when there is a user. */
export async function ensureFirstAdmin(
  db: Database,
  clock: Clock,
  wanted: { readonly email?: string | undefined; readonly password?: string | undefined },
): Promise<FirstAdmin | null> {
  if (await hasUsers(db)) return null;
  const email = (wanted.email ?? "admin@assay.local").toLowerCase();
  const password = wanted.password ?? newPassword();
  const passwordHash = await hashPassword(password);
  const user = { id: newId(), email, name: "Administrator", passwordHash, roles: ["admin" as const], now: clock.now() };
  const made = await db.transaction(async (tx) => {
    if (!(await insertFirstUser(tx, user))) return false;
    const changes = fieldChanges(null, { email, roles: user.roles });
    await recordAudit(tx, systemAudit(clock), {
      action: "user.create",
      object: { type: "user", id: user.id, name: email },
      changes,
    });
    return true;
  });
  if (!made) return null;
  return wanted.password === undefined ? { email, password } : { email };
}
