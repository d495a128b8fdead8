import { email as Email } from "@assay/contract";
import type { ActorUser, Clock, Origin } from "../../context.ts";
import type { Database } from "../../db/database.ts";
import { fail, ProblemError } from "../../problem-error.ts";
import type { AuditTally } from "../audit/tally.ts";
import { verifyPassword } from "./passwords.ts";
import { findUserByEmail, type UserCredentials } from "./queries.ts";
import type { Throttle } from "./throttle.ts";

/** Signing in with e-mail and password. */
export interface PasswordSignIn {
  /** @throws ProblemError UNAUTHENTICATED (the same for a wrong password and an unknown user), TOO_MANY_REQUESTS */
  check(email: string, password: string, origin: Origin): Promise<UserCredentials>;
  /** Checks a user's own password again. @throws ProblemError TOO_MANY_REQUESTS */
  confirm(user: ActorUser, passwordHash: string | null, password: string, origin: Origin): Promise<boolean>;
}

const emailCharsMax = 254;
const passwordCharsMax = 200;

export interface PasswordSignInOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly throttle: Throttle;
  /** Takes the sign-ins that fail. */
  readonly failures: AuditTally;
}

export function createPasswordSignIn({ db, clock, throttle, failures }: PasswordSignInOptions): PasswordSignIn {
  /** Records what fails and what is not even tried; `userId` is asked then, as it may be known by that time. */
  const attempt = async <T>(
    account: string,
    origin: Origin,
    userId: () => string | null,
    prove: () => Promise<T | null>,
  ): Promise<T | null> => {
    // What is no address may be a password in the wrong field: it is neither recorded nor a key of the counts.
    const name = Email.safeParse(account).success ? account : "not an e-mail address";
    const note = (action: "user.failSignIn" | "user.throttleSignIn"): void => {
      failures.note(
        { actor: { type: "anonymous" }, clock, origin },
        { action, object: { type: "user", id: userId(), name } },
      );
    };
    try {
      const proof = await throttle.attempt(name, origin.address, prove);
      if (proof === null) note("user.failSignIn");
      return proof;
    } catch (error) {
      if (error instanceof ProblemError && error.code === "TOO_MANY_REQUESTS") note("user.throttleSignIn");
      throw error;
    }
  };

  return {
    async check(email, password, origin) {
      const account = email.trim().toLowerCase();
      // Nobody can have set these; a limit keeps them out of memory.
      if (account.length > emailCharsMax || password.length > passwordCharsMax || account.includes("\0")) refuse();
      let userId: string | null = null;
      const found = await attempt(
        account,
        origin,
        () => userId,
        async () => {
          const credentials = await findUserByEmail(db, account);
          userId = credentials?.user.id ?? null;
          return (await verifyPassword(credentials?.passwordHash ?? null, password)) ? credentials : null;
        },
      );
      return found ?? refuse();
    },
    async confirm(user, passwordHash, password, origin) {
      const prove = async (): Promise<true | null> => ((await verifyPassword(passwordHash, password)) ? true : null);
      return (await attempt(user.email, origin, () => user.id, prove)) === true;
    },
  };
}

function refuse(): never {
  fail("UNAUTHENTICATED", "The e-mail address or the password is wrong.");
}
