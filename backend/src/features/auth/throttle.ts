import type { ServerConfig } from "@assay/contract";
import { addressKey } from "../../limits/address-key.ts";
import type { Limiter, Limiters } from "../../limits/limiter.ts";
import { ProblemError } from "../../problem-error.ts";

const windowSeconds = 15 * 60;
const accountWindowSeconds = 5 * 60;
const knownSeconds = 14 * 24 * 60 * 60;

type ThrottleSettings = Pick<
  ServerConfig,
  "signInFailuresPerPair" | "signInFailuresPerAddress" | "signInFailuresPerAccount"
>;

/**
 * Bounds how many wrong passwords may be tried: for one account from one address, from one address at all, and for one account from
 * anywhere. The last does not hold for addresses from which the account was signed in to before, so that an attacker with many addresses
 * cannot lock its owner out.
 */
export interface Throttle {
  /**
   * Carries `prove` out unless too much has failed of late; null counts as a failure.
   * @throws ProblemError TOO_MANY_REQUESTS with Retry-After
   */
  attempt<T>(account: string, address: string, prove: () => Promise<T | null>): Promise<T | null>;
}

export function createThrottle(limiters: Limiters, settings: () => ThrottleSettings): Throttle {
  const addresses = limiters.create("sign-in-address", windowSeconds);
  const pairs = limiters.create("sign-in-pair", windowSeconds);
  const accounts = limiters.create("sign-in-account", accountWindowSeconds);
  const known = limiters.create("sign-in-known", knownSeconds);
  return {
    async attempt(account, fullAddress, prove) {
      const address = addressKey(fullAddress);
      const pair = `${account} ${address}`;
      const { signInFailuresPerAddress, signInFailuresPerPair, signInFailuresPerAccount } = settings();
      const isKnown = await known.isKnown(pair);
      // Counted beforehand, so that tries at the same time do not all slip through.
      await take(addresses, address, signInFailuresPerAddress);
      await take(pairs, pair, signInFailuresPerPair);
      if (!isKnown) await take(accounts, account, signInFailuresPerAccount);
      const giveBack = (): Promise<unknown> =>
        Promise.all([addresses.giveBack(address), !isKnown && accounts.giveBack(account)]);
      let proof = null;
      try {
        proof = await prove();
      } catch (error) {
        await Promise.all([giveBack(), pairs.giveBack(pair)]);
        throw error;
      }
      if (proof !== null) {
        await Promise.all([giveBack(), pairs.clear(pair), !isKnown && known.take(pair, 1)]);
      }
      return proof;
    },
  };
}

async function take(limiter: Limiter, key: string, most: number): Promise<void> {
  const { allowed, resetSeconds } = await limiter.take(key, most);
  if (allowed) return;
  throw new ProblemError("TOO_MANY_REQUESTS", `Too many failed sign-ins. Try again in ${resetSeconds} seconds.`, {
    headers: { "retry-after": String(resetSeconds) },
  });
}
