import { scopesOfRoles } from "@assay/contract";
import type { Logger } from "@assay/process";
import type { Actor, ApiTokenActor, Clock } from "../../context.ts";
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

/** A token as it is in the database, and who calls with it. */
interface Known extends TokenCredentials {
  readonly actor: ApiTokenActor;
}

interface Remembered {
  readonly known: Promise<Known | null>;
  readonly untilMs: number;
  lastUsedAtMs: number;
}

export async function createTokenProof(db: Database, clock: Clock, log: Logger): Promise<TokenProof> {
  const remembered = new Map<string, Remembered>();
  let writing: Promise<void> = Promise.resolve();
  await db.listen(tokensChannel, (id) => (id === null ? remembered.clear() : remembered.delete(id)));

  // An entry is put in before the database is asked: one that is dropped meanwhile is not used again.
  const recall = (id: string, nowMs: number): Remembered => {
    const before = remembered.get(id);
    if (before && before.untilMs > nowMs) return before;
    const found = findTokenCredentials(db, id).then((token) => token && { ...token, actor: actorOf(id, token) });
    const entry = { known: found, untilMs: nowMs + rememberedMs, lastUsedAtMs: before?.lastUsedAtMs ?? 0 };
    remembered.set(id, entry);
    const drop = (): void => void (remembered.get(id) === entry && remembered.delete(id));
    found.then((token) => token ?? drop(), drop);
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
      const entry = recall(given.id, now.getTime());
      const token = await entry.known;
      if (!token || !sameSecret(token.secretHash, given.secretHash)) {
        fail("UNAUTHENTICATED", "There is no such API token, or it has been revoked.");
      }
      if (token.expiresAt && token.expiresAt <= now) {
        fail("UNAUTHENTICATED", `The API token expired at ${token.expiresAt.toISOString()}. Regenerate it.`);
      }
      noteUse(given.id, entry, token.lastUsedAt, now);
      return token.actor;
    },
    forget: (id) => void remembered.delete(id),
    close: () => writing,
  };
}

/** Whoever calls with the token may do what it was given and its owner may do, too. */
function actorOf(tokenId: string, { user, scopes, markings }: TokenCredentials): ApiTokenActor {
  const owners = scopesOfRoles(user.roles);
  const both = new Set(scopes.filter((scope) => owners.includes(scope)));
  return { type: "apiToken", user, tokenId, scopes: both, markings };
}
