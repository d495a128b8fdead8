import { Role } from "@assay/contract";
import type { ActorUser } from "../../context.ts";
import type { Database, Transaction } from "../../db/database.ts";

/** A user who may sign in, with the hash that the password has to have. */
export interface UserCredentials {
  readonly user: ActorUser;
  /** null: signs in through an OpenID provider only. */
  readonly passwordHash: string | null;
}

interface UserRow {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly password_hash: string | null;
  readonly roles: string[];
  readonly created_at: Date;
}

const columns = "id, email, name, password_hash, roles, created_at";
const byEmail = { name: "user-by-email", text: `SELECT ${columns} FROM users WHERE email = $1 AND enabled` };
const byId = { name: "user-by-id", text: `SELECT ${columns} FROM users WHERE id = $1 AND enabled` };

/** `email` in lower case. */
export async function findUserByEmail(db: Database, email: string): Promise<UserCredentials | null> {
  const { rows } = await db.pool.query<UserRow>({ ...byEmail, values: [email] });
  return rows[0] ? credentialsOf(rows[0]) : null;
}

export async function findUserById(db: Database, id: string): Promise<UserCredentials | null> {
  const { rows } = await db.pool.query<UserRow>({ ...byId, values: [id] });
  return rows[0] ? credentialsOf(rows[0]) : null;
}

/** Roles that this version does not know give nothing. */
export function knownRoles(roles: readonly string[]): Role[] {
  return Role.options.filter((role) => roles.includes(role));
}

function credentialsOf(row: UserRow): UserCredentials {
  const { id, email, name, password_hash: passwordHash, roles, created_at: createdAt } = row;
  return { user: { id, email, name, roles: knownRoles(roles), createdAt }, passwordHash };
}

export async function updatePassword(
  tx: Transaction,
  id: string,
  passwordHash: string,
  updatedAt: Date,
): Promise<void> {
  await tx.user.update({ where: { id }, data: { passwordHash, updatedAt } });
}

/** Notes when a user last signed in. */
export async function updateLastSignIn(tx: Transaction, id: string, at: Date): Promise<void> {
  await tx.user.update({ where: { id }, data: { lastSignInAt: at } });
}

export async function deleteExpiredSessions(db: Database): Promise<number> {
  return db.prisma.$executeRaw`DELETE FROM sessions WHERE expire < now()`;
}

const firstUserLock = 4_019_377;

/** Makes a user if there is none at all; false when there is one. Processes that start together wait for each other. */
export async function insertFirstUser(
  tx: Transaction,
  user: { id: string; email: string; name: string; passwordHash: string; roles: Role[]; now: Date },
): Promise<boolean> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${firstUserLock})`;
  if (await tx.user.findFirst({ select: { id: true } })) return false;
  const { now, ...fields } = user;
  await tx.user.create({ data: { ...fields, createdAt: now, updatedAt: now } });
  return true;
}

export async function hasUsers(db: Database): Promise<boolean> {
  return (await db.prisma.user.findFirst({ select: { id: true } })) !== null;
}
