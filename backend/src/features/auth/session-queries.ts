import { createHash } from "node:crypto";
import type { SessionData } from "express-session";
import type { Database, Transaction } from "../../db/database.ts";

/** A session of a user, as it is kept. */
export interface StoredSession {
  /** Not the id of the cookie but its hash. */
  readonly sid: string;
  readonly way: string;
  readonly address: string;
  readonly userAgent: string;
  readonly signedInAt: Date;
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
}

interface SessionRow {
  readonly sid: string;
  readonly sess: Partial<SessionData>;
  readonly expire: Date;
}

/** Names a session to its user. */
export function sessionName(sid: string): string {
  return createHash("sha256").update(sid).digest("hex").slice(0, 12);
}

/** A user's sessions, the newest first. */
export async function listSessions(db: Database, userId: string): Promise<StoredSession[]> {
  const rows = await db.prisma.$queryRaw<SessionRow[]>`
    SELECT sid, sess, expire::timestamptz AS expire FROM sessions
    WHERE sess -> 'passport' ->> 'user' = ${userId} AND expire > now() ORDER BY expire DESC LIMIT 200`;
  return rows.map(({ sid, sess, expire }) => ({
    sid,
    way: sess.way ?? "password",
    address: sess.address ?? "",
    userAgent: sess.userAgent ?? "",
    signedInAt: new Date(sess.startedAt ?? 0),
    lastSeenAt: new Date(sess.seenAt ?? 0),
    expiresAt: expire,
  }));
}

/** Ends sessions of a user: all, all but one, or one. Returns how many. */
export async function deleteSessions(
  tx: Transaction,
  userId: string,
  { kept = null, only = null }: { readonly kept?: string | null; readonly only?: string | null } = {},
): Promise<number> {
  return tx.$executeRaw`
    DELETE FROM sessions WHERE sess -> 'passport' ->> 'user' = ${userId}
    AND sid IS DISTINCT FROM ${kept}::text AND (${only}::text IS NULL OR sid = ${only}::text)`;
}
