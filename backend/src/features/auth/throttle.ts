import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { ProblemError } from "../../problem-error.ts";

const windowSeconds = 15 * 60;
const failuresPerAccountMax = 10;
const failuresPerAddressMax = 50;

/** Bounds how many wrong passwords may be tried. */
export interface Throttle {
  /**
   * Carries `prove` out unless account or address have failed too often of late; null counts as a failure.
   * @throws ProblemError TOO_MANY_REQUESTS with Retry-After
   */
  attempt<T>(account: string, address: string, prove: () => Promise<T | null>): Promise<T | null>;
}

/** Counts in this process's memory. */
export function createThrottle(): Throttle {
  const accounts = new RateLimiterMemory({ points: failuresPerAccountMax, duration: windowSeconds });
  const addresses = new RateLimiterMemory({ points: failuresPerAddressMax, duration: windowSeconds });
  return {
    async attempt(account, address, prove) {
      // Counted beforehand, so that tries at the same time do not all slip through.
      await take(addresses, address);
      await take(accounts, account);
      let proof = null;
      try {
        proof = await prove();
      } catch (error) {
        await Promise.all([addresses.reward(address), accounts.reward(account)]);
        throw error;
      }
      if (proof !== null) await Promise.all([addresses.reward(address), accounts.delete(account)]);
      return proof;
    },
  };
}

async function take(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    const seconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
    throw new ProblemError("TOO_MANY_REQUESTS", `Too many failed sign-ins. Try again in ${seconds} seconds.`, {
      headers: { "retry-after": String(seconds) },
    });
  }
}
