import type { Scope } from "@assay/contract";
import { Pap, Scope as ScopeSchema, Tlp } from "@assay/contract";
import type { ActorUser, TokenMarkings } from "../../context.ts";
import type { Database, Transaction } from "../../db/database.ts";
import type { ApiToken } from "../../db/generated/client.ts";
import { knownRoles } from "../auth/queries.ts";

/** A token with its owner, where both are there and the owner is enabled. */
export interface TokenCredentials {
  readonly secretHash: string;
  readonly scopes: readonly Scope[];
  readonly markings: TokenMarkings;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly user: ActorUser;
}

interface CredentialsRow {
  readonly secret_hash: string;
  readonly scopes: string[];
  readonly tlp: string | null;
  readonly pap: string | null;
  readonly max_tlp: string | null;
  readonly expires_at: Date | null;
  readonly last_used_at: Date | null;
  readonly user_id: string;
  readonly email: string;
  readonly user_name: string;
  readonly roles: string[];
  readonly created_at: Date;
}

const credentialsSql = {
  name: "api-token-credentials",
  text: `
    SELECT t.secret_hash, t.scopes, t.tlp, t.pap, t.max_tlp, t.expires_at, t.last_used_at,
           u.id AS user_id, u.email, u.name AS user_name, u.roles, u.created_at
    FROM api_tokens t JOIN users u ON u.id = t.user_id
    WHERE t.id = $1 AND u.enabled`,
};

export async function findTokenCredentials(db: Database, id: string): Promise<TokenCredentials | null> {
  const { rows } = await db.pool.query<CredentialsRow>({ ...credentialsSql, values: [id] });
  const row = rows[0];
  if (!row) return null;
  return {
    secretHash: row.secret_hash,
    scopes: knownScopes(row.scopes),
    markings: knownMarkings({ tlp: row.tlp, pap: row.pap, maxTlp: row.max_tlp }),
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    user: {
      id: row.user_id,
      email: row.email,
      name: row.user_name,
      roles: knownRoles(row.roles),
      createdAt: row.created_at,
    },
  };
}

/** Scopes that this version does not know give nothing. */
export function knownScopes(scopes: readonly string[]): Scope[] {
  return ScopeSchema.options.filter((scope) => scopes.includes(scope));
}

/** Of a word that this version does not know the strictest takes the place; for a bound that is the lowest. */
export function knownMarkings({ tlp, pap, maxTlp }: Pick<ApiToken, "tlp" | "pap" | "maxTlp">): TokenMarkings {
  return {
    tlp: tlp === null ? null : (Tlp.safeParse(tlp).data ?? "RED"),
    pap: pap === null ? null : (Pap.safeParse(pap).data ?? "RED"),
    maxTlp: maxTlp === null ? null : (Tlp.safeParse(maxTlp).data ?? "CLEAR"),
  };
}

export async function updateLastUsed(db: Database, id: string, at: Date): Promise<void> {
  await db.prisma.apiToken.updateMany({ where: { id }, data: { lastUsedAt: at } });
}

/** A user's tokens, newest first, after the position. */
export function listTokens(
  db: Database,
  userId: string,
  after: { createdAt: Date; id: string } | null,
  limit: number,
): Promise<ApiToken[]> {
  return db.prisma.apiToken.findMany({
    where: {
      userId,
      ...(after && {
        OR: [{ createdAt: { lt: after.createdAt } }, { createdAt: after.createdAt, id: { lt: after.id } }],
      }),
    },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: limit,
  });
}

export function findToken(db: Database, userId: string, id: string): Promise<ApiToken | null> {
  return db.prisma.apiToken.findFirst({ where: { id, userId } });
}

export async function insertToken(tx: Transaction, token: Omit<ApiToken, "lastUsedAt">): Promise<void> {
  await tx.apiToken.create({ data: token });
}

export type TokenChange = Partial<
  Pick<ApiToken, "note" | "scopes" | "tlp" | "pap" | "maxTlp" | "expiresAt" | "secretHash">
>;

export function updateToken(tx: Transaction, id: string, change: TokenChange): Promise<ApiToken> {
  return tx.apiToken.update({ where: { id }, data: change });
}

export async function deleteToken(tx: Transaction, id: string): Promise<void> {
  await tx.apiToken.delete({ where: { id } });
}
