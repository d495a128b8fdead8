import type { ActorUser } from "../../context.ts";
import type { Database } from "../../db/database.ts";
import { fail } from "../../problem-error.ts";
import { verifyPassword } from "./passwords.ts";
import { findUserByEmail, type UserCredentials } from "./queries.ts";
import { createThrottle, type Throttle } from "./throttle.ts";

/** Signing in with e-mail and password. */
export interface PasswordSignIn {
  /** @throws ProblemError UNAUTHENTICATED (the same for a wrong password and an unknown user), TOO_MANY_REQUESTS */
  check(email: string, password: string, address: string): Promise<UserCredentials>;
  /** Checks a user's own password again. @throws ProblemError TOO_MANY_REQUESTS */
  confirm(user: ActorUser, passwordHash: string | null, password: string, address: string): Promise<boolean>;
}

const emailCharsMax = 254;
const passwordCharsMax = 200;

export function createPasswordSignIn(db: Database, throttle: Throttle = createThrottle()): PasswordSignIn {
  return {
    async check(email, password, address) {
      const account = email.trim().toLowerCase();
      // Nobody can have set these; a limit keeps them out of memory.
      if (account.length > emailCharsMax || password.length > passwordCharsMax || account.includes("\0")) refuse();
      const found = await throttle.attempt(account, address, async () => {
        const credentials = await findUserByEmail(db, account);
        return (await verifyPassword(credentials?.passwordHash ?? null, password)) ? credentials : null;
      });
      return found ?? refuse();
    },
    async confirm(user, passwordHash, password, address) {
      const prove = async (): Promise<true | null> => ((await verifyPassword(passwordHash, password)) ? true : null);
      return (await throttle.attempt(user.email, address, prove)) === true;
    },
  };
}

function refuse(): never {
  fail("UNAUTHENTICATED", "The e-mail address or the password is wrong.");
}
