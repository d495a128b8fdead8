import { createHmac, randomBytes } from "node:crypto";
import type { Actor, Clock, Origin } from "../../context.ts";
import type { Database } from "../../db/database.ts";
import { fail } from "../../problem-error.ts";
import type { AuditTally } from "../audit/tally.ts";
import { userActor } from "./actor.ts";
import type { PasswordSignIn } from "./password-sign-in.ts";
import { findUserById, type UserCredentials } from "./queries.ts";

const rememberedMs = 60_000;
const rememberedMax = 1_000;

interface Remembered {
  readonly credentials: Promise<UserCredentials>;
  readonly untilMs: number;
}

export interface BasicOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly signIn: PasswordSignIn;
  /** Takes what was right. */
  readonly signIns: AuditTally;
  readonly isOn: () => boolean;
}

/**
 * HTTP Basic. A script sends its password with every call, and Argon2 is slow on purpose: what was right is remembered for a minute,
 * as a HMAC under a key of this process, and holds only while the user has the same password and is enabled.
 * @throws ProblemError UNAUTHENTICATED, TOO_MANY_REQUESTS
 */
export function createBasicProof({
  db,
  clock,
  signIn,
  signIns,
  isOn,
}: BasicOptions): (email: string, password: string, origin: Origin) => Promise<Actor> {
  const key = randomBytes(32);
  const remembered = new Map<string, Remembered>();

  const check = (name: string, email: string, password: string, origin: Origin): Promise<UserCredentials> => {
    const credentials = signIn.check(email, password, origin);
    remembered.delete(name);
    remembered.set(name, { credentials, untilMs: clock.now().getTime() + rememberedMs });
    credentials.catch(() => remembered.delete(name));
    const oldest = remembered.keys().next().value;
    if (remembered.size > rememberedMax && oldest !== undefined) remembered.delete(oldest);
    return credentials;
  };

  return async (email, password, origin) => {
    if (!isOn()) fail("UNAUTHENTICATED", "HTTP Basic is switched off on this server. Use an API token.");
    const name = createHmac("sha256", key).update(`${email}\0${password}`).digest("base64");
    const known = remembered.get(name);
    if (known && known.untilMs > clock.now().getTime()) {
      const { user, passwordHash } = await known.credentials;
      const current = await findUserById(db, user.id);
      if (current?.passwordHash === passwordHash) return userActor(current.user, "basic");
    }
    const { user } = await check(name, email, password, origin);
    const actor = userActor(user, "basic");
    const object = { type: "user", id: user.id, name: user.email };
    signIns.note({ actor, clock, origin }, { action: "user.signInBasic", object });
    return actor;
  };
}
