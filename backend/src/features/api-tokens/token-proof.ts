import { scopesOfRoles } from "@assay/contract";
import type { Logger } from "@assay/process";
import type { Actor, Clock } from "../../context.ts";
import type { Database } from "../../db/database.ts";
import { fail } from "../../problem-error.ts";
import { findTokenCredentials, type TokenCredentials, updateLastUsed } from "./queries.ts";
import { parseTokenValue, sameSecret } from "./token-value.ts";

export const tokensChannel = "api_tokens_changed";

/** Long enough to spare a busy script most of its queries, short enough for whatever no notification tells (a disabled user). */
const rememberedMs = 1_000;
const lastUsedEveryMs = 60_000;

/** Who calls with an API token. */
export interface TokenProof {
  /** @throws ProblemError UNAUTHENTICATED */
  check(value: string): Promise<Actor>;
  /** Forgets what is remembered of a token. Other processes do so by notification. */
  forget(id: string): void;
  /** Waits for what is still being written. */
  close(): Promise<void>;
}

interface Remembered {
  readonly credentials: Promise<TokenCredentials | null>;
  readonly untilMs: number;
  lastUsedAtMs: number;
}

export async function createTokenProof(db: Database, clock: Clock, log: Logger): Promise<TokenProof> {
  const remembered = new Map<string, Remembered>();
  let writing: Promise<void> = Promise.resolve();
  await db.listen(tokensChannel, (id) => (id === null ? remembered.clear() : remembered.delete(id)));

  // An entry is put in before the database is asked: one that is dropped meanwhile is not used again.
  const credentialsOf = (id: string, nowMs: number): Remembered => {
    const known = remembered.get(id);
    if (known && known.untilMs > nowMs) return known;
    const credentials = findTokenCredentials(db, id);
    const entry = { credentials, untilMs: nowMs + rememberedMs, lastUsedAtMs: known?.lastUsedAtMs ?? 0 };
    remembered.set(id, entry);
    const drop = (): void => void (remembered.get(id) === entry && remembered.delete(id));
    credentials.then((found) => found ?? drop(), drop);
    return entry;
  };

  const noteUse = (id: string, entry: Remembered, lastUsedAt: Date | null, now: Date): void => {
    const last = Math.max(entry.lastUsedAtMs, lastUsedAt?.getTime() ?? 0);
    if (now.getTime() - last < lastUsedEveryMs) return;
    entry.lastUsedAtMs = now.getTime();
    writing = updateLastUsed(db, id, now).catch((err: unknown) =>
      log.debug({ err }, "the use of a token was not noted"),
    );
  };

  return {
    async check(value) {
      const now = clock.now();
      const given = parseTokenValue(value) ?? fail("UNAUTHENTICATED", "This is not an API token: <id>_<secret>.");
      const entry = credentialsOf(given.id, now.getTime());
      const token = await entry.credentials;
      if (!token || !sameSecret(token.secretHash, given.secretHash)) {
        fail("UNAUTHENTICATED", "There is no such API token, or it has been revoked.");
      }
      if (token.expiresAt && token.expiresAt <= now) {
        fail("UNAUTHENTICATED", `The API token expired at ${token.expiresAt.toISOString()}. Regenerate it.`);
      }
      noteUse(given.id, entry, token.lastUsedAt, now);
      const owners = scopesOfRoles(token.user.roles);
      const scopes = new Set(token.scopes.filter((scope) => owners.includes(scope)));
      return { type: "apiToken", user: token.user, tokenId: given.id, scopes, markings: token.markings };
    },
    forget: (id) => void remembered.delete(id),
    close: () => writing,
  };
}
