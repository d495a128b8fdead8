import type { LinkedIdentity, UserAccount } from "@assay/contract";
import type { UserIdentity } from "../../db/generated/client.ts";
import { knownRoles } from "../auth/queries.ts";
import type { AccountRow } from "./queries.ts";

/** An account as administrators see it. */
export function accountOf(row: AccountRow): UserAccount {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    roles: knownRoles(row.roles),
    enabled: row.enabled,
    awaitingApproval: row.awaitingApproval,
    hasPassword: row.passwordHash !== null,
    identities: row.identities.map(identityOf),
    lastSignInAt: row.lastSignInAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** What is shown of an account at an OpenID provider. */
export function identityOf({ id, provider, email, createdAt, lastSignInAt }: UserIdentity): LinkedIdentity {
  return {
    id,
    provider,
    email,
    createdAt: createdAt.toISOString(),
    lastSignInAt: lastSignInAt?.toISOString() ?? null,
  };
}
