import type { ServerConfig } from "@assay/contract";
import type { Response } from "express";
import type { Actor } from "../context.ts";
import { addressKey } from "../limits/address-key.ts";
import type { Limiter, Limiters } from "../limits/limiter.ts";
import { ProblemError } from "../problem-error.ts";

type RateSettings = Pick<ServerConfig, "callsPerAddress" | "callsPerUser" | "callsPerToken">;

/** Bounds how often the API is called. Each tells the caller what is left in the headers RateLimit and RateLimit-Policy. */
export interface RateLimits {
  /** Before it is known who calls. @throws ProblemError TOO_MANY_REQUESTS with Retry-After */
  takeAddress(address: string, res: Response): Promise<void>;
  /** @throws ProblemError TOO_MANY_REQUESTS with Retry-After */
  takeActor(actor: Actor, res: Response): Promise<void>;
}

const windowSeconds = 60;

export function createRateLimits(limiters: Limiters, settings: () => RateSettings): RateLimits {
  const addresses = limiters.create("calls-address", windowSeconds);
  const users = limiters.create("calls-user", windowSeconds);
  const tokens = limiters.create("calls-token", windowSeconds);
  return {
    async takeAddress(address, res) {
      const most = settings().callsPerAddress;
      if (most > 0) await take(res, addresses, "address", addressKey(address), most);
    },
    async takeActor(actor, res) {
      const { callsPerUser, callsPerToken } = settings();
      if (actor.type === "user" && callsPerUser > 0) await take(res, users, "user", actor.user.id, callsPerUser);
      if (actor.type === "apiToken" && callsPerToken > 0)
        await take(res, tokens, "token", actor.tokenId, callsPerToken);
    },
  };
}

/** https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers: the last limit that a call passed is the one it is told of. */
async function take(res: Response, limiter: Limiter, name: string, key: string, most: number): Promise<void> {
  const { allowed, remaining, resetSeconds } = await limiter.take(key, most);
  if (!res.headersSent) {
    res.setHeader("ratelimit-policy", `"${name}";q=${most};w=${limiter.windowSeconds}`);
    res.setHeader("ratelimit", `"${name}";r=${remaining};t=${resetSeconds}`);
  }
  if (allowed) return;
  const detail = `This ${name} has made ${most} calls in a minute, which is the most. Try again in ${resetSeconds} seconds.`;
  throw new ProblemError("TOO_MANY_REQUESTS", detail, { headers: { "retry-after": String(resetSeconds) } });
}
